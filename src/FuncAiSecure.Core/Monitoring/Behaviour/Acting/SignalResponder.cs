using System.Diagnostics.Metrics;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Acting;

/// <summary>What follows a signal: a log event, a measurement, an audit record, a row in the list and, by configuration, a lower plan.</summary>
internal sealed class SignalResponder(IBehaviourStore store, PlanLowering lowering, Func<AuditRecord, bool> record, IMeterFactory meters, ILogger log)
{
    /// <summary>The action of what is recorded about behaviour.</summary>
    public const string Action = "Behaviour";

    private readonly Counter<long> _signals = meters.Create(ServerMetrics.Name)
        .CreateCounter<long>("funcaisecure.behaviour.signals", "{signal}", "Signals about principals and models.");

    /// <summary>Acts on a signal. A part that fails does not keep the others from happening.</summary>
    public async ValueTask RespondAsync(Raised raised, CancellationToken ct)
    {
        var (anomaly, principal) = raised;
        BehaviourLog.Noticed(log, anomaly.Signal, anomaly.Principal, anomaly.Model, anomaly.Version, anomaly.Value, anomaly.Limit);
        _signals.Add(1, new KeyValuePair<string, object?>("signal", anomaly.Signal.ToString()));
        var isRecorded = record(new AuditRecord
        {
            Action = Action,
            Outcome = anomaly.Signal.ToString(),
            Principal = principal,
            Model = anomaly.Model,
            Version = anomaly.Version,
        });
        if (!isRecorded | !await store.AddAsync(anomaly, ct).ConfigureAwait(false))
        {
            BehaviourLog.NotKept(log);
        }

        if (principal is not null)
        {
            await lowering.LowerAsync(principal, ct).ConfigureAwait(false);
        }
    }
}
