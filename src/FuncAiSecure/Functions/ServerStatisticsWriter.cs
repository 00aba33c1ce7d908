using System.Buffers;
using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Live;
using FuncAiSecure.Http;

namespace FuncAiSecure.Functions;

/// <summary>Writes the state of this instance as one JSON object; times are in milliseconds.</summary>
internal sealed class ServerStatisticsWriter : IDisposable
{
    private static readonly RefusalCode[] Codes = Enum.GetValues<RefusalCode>();
    private readonly Utf8JsonWriter _json;

    public ServerStatisticsWriter(IBufferWriter<byte> output)
    {
        _json = new Utf8JsonWriter(output);
        _json.WriteStartObject();
        _json.WriteString("object", "statistics");
    }

    /// <summary>Which instance, and how it is.</summary>
    public void Instance(AuditTrail trail, DateTimeOffset now, IReadOnlyCollection<string> failing)
    {
        _json.WriteString("instance", trail.Instance);
        _json.WriteString("at", now);
        _json.WriteStartArray("failing");
        foreach (var name in failing)
        {
            _json.WriteStringValue(name);
        }

        _json.WriteEndArray();
        _json.WriteStartObject("audit");
        _json.WriteNumber("backlog", trail.Backlog);
        _json.WriteNumber("lost", trail.Lost);
        _json.WriteEndObject();
    }

    /// <summary>Requests to routes that need a role.</summary>
    public void Requests(LiveStatistics live, Func<string, bool> canSee)
    {
        var timeline = live.Timeline();
        _json.WriteString("started_at", live.StartedAt);
        _json.WriteStartObject("requests");
        _json.WriteNumber("active", live.Active);
        _json.WriteNumber("served", live.Served);
        _json.WriteNumber("refused", Codes.Sum(live.RefusedFor));
        _json.WriteNumber("abandoned", live.Abandoned);
        _json.WriteEndObject();
        WriteRefusals(live, timeline);
        WriteTimeline(timeline);
        WriteActions(live);
        WriteRecent(live, canSee);
    }

    /// <summary>Versions with their queues and runs.</summary>
    public void Models(IEnumerable<ModelStatus> models)
    {
        _json.WriteStartArray("models");
        foreach (var model in models)
        {
            _json.WriteStartObject();
            _json.WriteString("name", model.Name);
            _json.WriteNumber("version", model.Version);
            _json.WriteString("state", JsonNamingPolicy.SnakeCaseLower.ConvertName(model.State.ToString()));
            _json.WriteBoolean("serving", model.IsServing);
            _json.WriteNumber("canary_percent", model.CanaryPercent);
            _json.WriteNumber("memory_bytes", model.MemoryBytes);
            _json.WriteNumber("waiting", model.Waiting);
            if (model.Counts is { } counts)
            {
                WriteCounts(counts);
            }

            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    /// <summary>Whose usage <c>/manage/usage</c> can be asked for.</summary>
    public void Callers(IEnumerable<(PrincipalId Principal, string Plan)> callers)
    {
        _json.WriteStartArray("callers");
        foreach (var (principal, plan) in callers)
        {
            _json.WriteStartObject();
            _json.WriteString("principal", principal.Value);
            _json.WriteString("plan", plan);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    /// <summary>Ends the object.</summary>
    public void End() => _json.WriteEndObject();

    /// <inheritdoc />
    public void Dispose() => _json.Dispose();

    private void WriteRefusals(LiveStatistics live, IReadOnlyList<(DateTimeOffset Begin, TallySum Sum)> timeline)
    {
        _json.WriteStartArray("refusals");
        foreach (var code in Codes.Where(code => live.RefusedFor(code) > 0))
        {
            var form = RefusalMapping.Of(code);
            _json.WriteStartObject();
            _json.WriteString("code", form.Code);
            _json.WriteNumber("status", form.Status);
            _json.WriteNumber("total", live.RefusedFor(code));
            _json.WriteNumber("lately", timeline.Sum(stretch => stretch.Sum.RefusedFor(code)));
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteTimeline(IReadOnlyList<(DateTimeOffset Begin, TallySum Sum)> timeline)
    {
        _json.WriteStartObject("timeline");
        _json.WriteNumber("seconds", LiveStatistics.Stretch.TotalSeconds);
        _json.WriteNumber("count", LiveStatistics.StretchCount);
        _json.WriteStartArray("points");
        foreach (var (begin, sum) in timeline)
        {
            _json.WriteStartObject();
            _json.WriteString("at", begin);
            WriteSum(sum);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteActions(LiveStatistics live)
    {
        _json.WriteStartArray("actions");
        foreach (var (action, sum) in live.Actions())
        {
            _json.WriteStartObject();
            _json.WriteString("action", action);
            _json.WriteString("route", "/" + Endpoints.Of(action).Route);
            WriteSum(sum);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteSum(TallySum sum)
    {
        _json.WriteNumber("served", sum.Served);
        _json.WriteNumber("refused", sum.Refused);
        _json.WriteNumber("abandoned", sum.Abandoned);
        WriteTime("p50_ms", sum.Percentile(0.5));
        WriteTime("p95_ms", sum.Percentile(0.95));
        WriteTime("p99_ms", sum.Percentile(0.99));
    }

    private void WriteRecent(LiveStatistics live, Func<string, bool> canSee)
    {
        _json.WriteStartArray("recent");
        foreach (var (at, request) in live.Recent())
        {
            _json.WriteStartObject();
            _json.WriteString("at", at);
            _json.WriteString("request_id", request.RequestId);
            _json.WriteString("action", request.Action);
            if (request.Model is { } model && canSee(model))
            {
                _json.WriteString("model", model);
                _json.WriteNumber("version", request.Version);
            }

            if (request.Principal is { } principal)
            {
                _json.WriteString("pseudonym", live.PseudonymOf(principal));
            }

            _json.WriteString("outcome", request.IsAbandoned ? AuditOutcomes.Abandoned : request.Refused is { } code ? RefusalMapping.Of(code).Code : AuditOutcomes.Served);
            _json.WriteNumber("status", request.Status);
            WriteTime("ms", request.Duration);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteCounts(RunCounts counts)
    {
        _json.WriteStartObject("counts");
        _json.WriteNumber("answered", counts.Answered);
        _json.WriteNumber("failed", counts.Failed);
        _json.WriteNumber("turned_away", counts.TurnedAway);
        _json.WriteNumber("runs", counts.Runs);
        _json.WriteNumber("rows", counts.Rows);
        WriteTime("waited_ms", counts.Waited);
        WriteTime("ran_ms", counts.Ran);
        _json.WriteStartArray("batch_sizes");
        foreach (var (upTo, runs) in counts.BatchSizes)
        {
            _json.WriteStartObject();
            if (upTo is { } rows)
            {
                _json.WriteNumber("up_to", rows);
            }

            _json.WriteNumber("runs", runs);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteTime(string name, TimeSpan? time)
    {
        if (time is { } value)
        {
            _json.WriteNumber(name, Math.Round(value.TotalMilliseconds, 3));
        }
    }
}
