using System.Threading.Channels;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>What every lease of this process shares.</summary>
internal sealed class LedgerContext
{
    private int _leases;

    public required IQuotaStore Store { get; init; }
    public required TimeProvider Time { get; init; }
    public required ServiceClock Clock { get; init; }
    public required QuotaOptions Options { get; init; }
    public required ILogger Log { get; init; }
    public required QuotaMetrics Metrics { get; init; }

    /// <summary>Random, new with each process: a restarted instance must never be taken for the one before.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Numbers in [0, 1) that spread retries; simulations seed it.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <summary>Leases that run low. When it is full, the request that finds the lease empty fetches the block itself.</summary>
    public Channel<WindowLease> Renewals { get; } =
        Channel.CreateBounded<WindowLease>(new BoundedChannelOptions(4_096) { FullMode = BoundedChannelFullMode.Wait });

    public string NextLeaseId() => $"{InstanceId}-{Interlocked.Increment(ref _leases)}";

    /// <summary>Unix seconds of the service's clock, as well as this instance knows it.</summary>
    public long NowSeconds() => (Clock.At(Time.GetTimestamp()).Earliest - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;

    public long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Time.TimestampFrequency);
}
