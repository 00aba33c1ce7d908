using Azure.Data.Tables;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Benchmarks.Quotas;

/// <summary>The product: one or more instances of it, each with its own leases and upkeep.</summary>
internal sealed class LedgerDesign : IQuotaDesign
{
    private readonly QuotaService[] _instances;
    private readonly Principal _principal;
    private readonly CancellationTokenSource? _stop;
    private readonly Task _upkeep;
    private (long Reads, long Writes, long Conflicts) _from;

    public LedgerDesign(TableServiceClient tables, int instances, Principal principal, IReadOnlyDictionary<string, long> amounts)
    {
        var options = new QuotaOptions();
        var plan = options.Plans["standard"] = new PlanOptions();
        foreach (var (window, amount) in amounts)
        {
            plan.Policies[window.ToLowerInvariant()] = new PolicyOptions { Window = Enum.Parse<PolicyWindow>(window), Amount = amount };
        }

        _principal = principal;
        _instances = [.. Enumerable.Range(0, instances).Select(_ =>
            QuotaServiceCollectionExtensions.Create(tables, options, TimeProvider.System, new ServiceClock(TimeProvider.System), NullLogger.Instance, new QuotaMetrics()))];
        _stop = new CancellationTokenSource();
        _upkeep = Task.WhenAll(_instances.Select(instance => QuotaUpkeep.RunAsync(instance, _stop.Token)));
    }

    private LedgerDesign(LedgerDesign of, Principal principal) => (_instances, _principal, _upkeep) = (of._instances, principal, Task.CompletedTask);

    public string Name => "leased blocks";

    public (long Reads, long Writes, long Conflicts) Counts
    {
        get
        {
            var now = Total();
            return (now.Reads - _from.Reads, now.Writes - _from.Writes, now.Conflicts - _from.Conflicts);
        }
    }

    public long Calls => Counts.Reads + Counts.Writes;

    public void StartCounting() => _from = Total();

    /// <summary>The same instances, asked by somebody else.</summary>
    public LedgerDesign For(Principal principal) => new(this, principal);

    public ValueTask<bool> AdmitAsync(int number, CancellationToken ct)
    {
        var admission = _instances[number % _instances.Length].AdmitAsync(_principal, null, ct);
        return admission.IsCompletedSuccessfully ? new ValueTask<bool>(Complete(admission.Result)) : WaitAsync(admission);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop is not null)
        {
            await _stop.CancelAsync();
            await _upkeep;
            await Task.WhenAll(_instances.Select(instance => instance.CloseAsync()));
            _stop.Dispose();
        }
    }

    private static async ValueTask<bool> WaitAsync(ValueTask<QuotaAdmission> admission) => Complete(await admission);

    private static bool Complete(QuotaAdmission admission)
    {
        admission.Lease.Complete(ran: true);
        return admission.IsAdmitted;
    }

    private (long Reads, long Writes, long Conflicts) Total() => (
        _instances.Sum(instance => instance.Context.Metrics.Calls.Reads),
        _instances.Sum(instance => instance.Context.Metrics.Calls.Writes),
        _instances.Sum(instance => instance.Context.Metrics.Calls.Conflicts));
}
