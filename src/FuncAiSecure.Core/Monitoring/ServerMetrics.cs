using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FuncAiSecure.Core.Monitoring;

/// <summary>
/// What the server measures about requests, in OpenTelemetry's names and units. Every tag value comes from a table of ours
/// (route templates, codes, model names of the catalog), so that no caller can make a new time series.
/// </summary>
public sealed class ServerMetrics
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "FuncAiSecure";

    private static readonly double[] Buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _inference;
    private readonly Counter<long> _units;
    private readonly Counter<long> _verdicts;

    /// <summary>Makes the instruments.</summary>
    public ServerMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(Name);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets };
        _duration = meter.CreateHistogram("http.server.request.duration", "s", "Time from arrival to answer.", advice: advice);
        _active = meter.CreateUpDownCounter<long>("http.server.active_requests", "{request}", "Requests that are being answered.");
        _refusals = meter.CreateCounter<long>("funcaisecure.refusals", "{request}", "Requests that were refused, by code.");
        _inference = meter.CreateHistogram("gen_ai.server.request.duration", "s", "Time of an inference, its wait in the queue included.", advice: advice);
        _units = meter.CreateCounter<long>("funcaisecure.input_units", "{unit}", "Input units of requests that ran.");
        _verdicts = meter.CreateCounter<long>("funcaisecure.guard.verdicts", "{verdict}", "Rules of guards that texts broke, by rule.");
    }

    /// <summary>Counts a request that begins.</summary>
    public void Begin(string method) => _active.Add(1, new KeyValuePair<string, object?>("http.request.method", method));

    /// <summary>Records a request that ends.</summary>
    /// <param name="method">The method, or <c>_OTHER</c>.</param>
    /// <param name="route">The route's template.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="refusal">The refusal's code; null if it was served.</param>
    /// <param name="seconds">From arrival to answer.</param>
    public void End(string method, string route, int status, string? refusal, double seconds)
    {
        var methodTag = new KeyValuePair<string, object?>("http.request.method", method);
        _active.Add(-1, methodTag);
        if (_duration.Enabled)
        {
            var tags = new TagList
            {
                methodTag,
                { "http.route", route },
                { "http.response.status_code", status },
            };
            if (refusal is not null)
            {
                tags.Add("error.type", refusal);
            }

            _duration.Record(seconds, tags);
        }

        if (refusal is not null)
        {
            _refusals.Add(1, new("funcaisecure.code", refusal), new("http.route", route));
        }
    }

    /// <summary>Counts a guard's verdict.</summary>
    /// <param name="rule">The rule's id, from the guards' own list.</param>
    /// <param name="model">The model's name, from the catalog.</param>
    public void Judged(string rule, string model) =>
        _verdicts.Add(1, new("funcaisecure.guard.rule", rule), new("gen_ai.request.model", model));

    /// <summary>Records an inference that ran.</summary>
    /// <param name="operation">The task, such as <c>embeddings</c>.</param>
    /// <param name="model">The model's name, from the catalog.</param>
    /// <param name="units">Input units.</param>
    /// <param name="seconds">Its time, the wait in the queue included.</param>
    public void Ran(string operation, string model, long units, double seconds)
    {
        _inference.Record(
            seconds,
            new("gen_ai.operation.name", operation),
            new("gen_ai.provider.name", "funcaisecure"),
            new("gen_ai.request.model", model));
        _units.Add(units, new KeyValuePair<string, object?>("gen_ai.request.model", model));
    }
}
