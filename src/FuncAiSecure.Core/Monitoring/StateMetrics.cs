using System.Diagnostics.Metrics;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Monitoring;

/// <summary>
/// What waits and what is held at the moment, read when somebody collects and never on a request's path. Model names and versions
/// come from the catalog.
/// </summary>
public sealed class StateMetrics
{
    /// <summary>Makes the instruments; they live as long as the factory.</summary>
    public StateMetrics(IMeterFactory meters, ModelCatalog catalog, AuditTrail trail, IdentityCounters identity)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(trail);
        ArgumentNullException.ThrowIfNull(identity);
        var meter = meters.Create(ServerMetrics.Name);
        meter.CreateObservableGauge(
            "funcaisecure.inference.queue.length", () => Measure(catalog, model => model.Waiting), "{request}", "Requests that wait for a run.");
        meter.CreateObservableGauge(
            "funcaisecure.model.memory", () => Measure(catalog, model => model.MemoryBytes), "By", "Estimated memory of a model version's session.");
        meter.CreateObservableGauge(
            "funcaisecure.audit.backlog", () => trail.Backlog, "{record}", "Audit records that are accepted and not yet in the table.");
        meter.CreateObservableCounter(
            "funcaisecure.audit.lost", () => trail.Lost, "{request}", "Requests served without a record, by the deployment's choice.");
        meter.CreateObservableCounter(
            "funcaisecure.identity.credentials", () => Measure(identity), "{credential}", "Keys and tokens, by where the judgement came from.");
        meter.CreateObservableCounter(
            "funcaisecure.identity.vault_calls", () => MeasureVault(identity), "{call}", "Calls of the vault about keys and peppers.");
    }

    private static IEnumerable<Measurement<long>> Measure(IdentityCounters identity) =>
        from kind in new[] { (Kind: CredentialKind.ApiKey, Name: "api_key"), (Kind: CredentialKind.Token, Name: "token") }
        from outcome in new[] { (Cache: CacheOutcome.Hit, Name: "hit"), (Cache: CacheOutcome.Miss, Name: "miss"), (Cache: CacheOutcome.Refused, Name: "refused") }
        select new Measurement<long>(
            identity.Judged(kind.Kind, outcome.Cache), new("funcaisecure.credential", kind.Name), new("funcaisecure.cache", outcome.Name));

    private static IEnumerable<Measurement<long>> MeasureVault(IdentityCounters identity) =>
    [
        new(identity.VaultAnswers, new KeyValuePair<string, object?>("outcome", "answered")),
        new(identity.VaultFailures, new KeyValuePair<string, object?>("outcome", "failed")),
    ];

    private static IEnumerable<Measurement<long>> Measure(ModelCatalog catalog, Func<ModelStatus, long> value) =>
        from model in catalog.List()
        where model.State == ModelState.Ready
        select new Measurement<long>(
            value(model), new("gen_ai.request.model", model.Name), new("funcaisecure.model.version", model.Version));
}
