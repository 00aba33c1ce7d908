using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>
/// Finds out which plan holds for a caller: its credential's, or the one that an operator set instead, looked up in the
/// table when the caller is first seen and again every <see cref="QuotaOptions.PlanRefresh"/> while it calls.
/// </summary>
internal sealed class CallerSlot
{
    private const int UsageReadsAtOnce = 20;
    private const double UsageReadsASecond = 1;

    /// <summary>The platform cuts requests off earlier.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(5);

    private readonly LedgerContext _context;
    private readonly PlanCatalog _plans;
    private readonly ReservationPool _pool;
    private readonly PrincipalId _principal;
    private readonly string _plan;
    private readonly ConcurrencyGate _gate = new();
    private readonly Lock _lock = new();
    private readonly TokenBucket _usageReads;

    // Of plans that hold no longer: a request that began under one may yet give back, and what one has spent must be counted.
    private readonly List<(CallerQuota Quota, long EndedAt)> _former = [];

    private volatile CallerQuota? _current;
    private Task<StoreOutcome>? _look;
    private long _lookedAt;
    private long _lookAgainAt;
    private long _lastAsked;
    private bool _hasCalled;

    public CallerSlot(LedgerContext context, PlanCatalog plans, ReservationPool pool, PrincipalId principal, string plan)
    {
        (_context, _plans, _pool, _principal, _plan) = (context, plans, pool, principal, plan);
        _lastAsked = context.Time.GetTimestamp();
        _usageReads = new TokenBucket(UsageReadsAtOnce, UsageReadsASecond, context.Time.TimestampFrequency);
    }

    /// <summary>The caller, and the plan that its credential names or the default one.</summary>
    public (PrincipalId Principal, string Plan) Caller => (_principal, _plan);

    /// <summary>When the caller last called, as a timestamp; null if it was only looked at.</summary>
    public long? LastCalled => _hasCalled ? Volatile.Read(ref _lastAsked) : null;

    /// <summary>True if the plan in force was set by an operator.</summary>
    public bool IsOverridden { get; private set; }

    /// <summary>The caller's quota, or null if its plan must be looked up first.</summary>
    public CallerQuota? Fresh(long now)
    {
        Volatile.Write(ref _lastAsked, now);
        _hasCalled = true;
        return now < Volatile.Read(ref _lookAgainAt) ? _current : null;
    }

    /// <summary>Whether the caller may read its counters now, 20 times at once and once a second in the long run; otherwise how long it must wait.</summary>
    public TimeSpan? UntilUsageRead(long now) =>
        _usageReads.TryTake(now, out _, out var wait) ? null : TimeSpan.FromSeconds((double)wait / _context.Time.TimestampFrequency);

    /// <summary>True if the plan was looked up lately and is not configured.</summary>
    public bool IsPlanUnknown(long now) => _current is null && now < Volatile.Read(ref _lookAgainAt);

    /// <summary>The caller's quota; null with <see cref="StoreOutcome.Missing"/> if its plan is not configured.</summary>
    public async ValueTask<(StoreOutcome Outcome, CallerQuota? Caller)> LoadAsync(CancellationToken ct)
    {
        var outcome = await Look().WaitAsync(ct);
        return (outcome, _current);
    }

    /// <summary>Looks the plan up again, now. A look that is under way may have read before, and is not enough.</summary>
    public async Task RefreshAsync()
    {
        if (UnderWay is { } look)
        {
            await look;
        }

        await Look();
    }

    /// <summary>Upkeep: looks the plan up in time if the caller still calls, and tends its leases.</summary>
    public void Tend(long now)
    {
        var refresh = _context.Ticks(_context.Options.PlanRefresh);
        if (now - Volatile.Read(ref _lookedAt) > refresh && now - Volatile.Read(ref _lastAsked) < refresh)
        {
            _ = Look();
        }

        _current?.Tend(now);
        lock (_lock)
        {
            _former.RemoveAll(former => now - former.EndedAt > _context.Ticks(LongestRequest + _context.Options.IdleReturn) && former.Quota.IsSettled);
            _former.ForEach(former => former.Quota.Tend(now));
        }
    }

    /// <summary>Was it not asked since then, and may it be forgotten now?</summary>
    public bool IsIdleSince(long timestamp, long now)
    {
        lock (_lock)
        {
            return Volatile.Read(ref _lastAsked) < timestamp && _gate.Running == 0 && _current?.IsAtRest(now) != false && _former.Count == 0;
        }
    }

    public Task CloseAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll([.. _former.Select(former => former.Quota).Append(_current).OfType<CallerQuota>().Select(quota => quota.CloseAsync())]);
        }
    }

    private Task<StoreOutcome>? UnderWay
    {
        get
        {
            lock (_lock)
            {
                return _look is { IsCompleted: false } look ? look : null;
            }
        }
    }

    private Task<StoreOutcome> Look()
    {
        lock (_lock)
        {
            return UnderWay ?? (_look = LookAsync());
        }
    }

    private async Task<StoreOutcome> LookAsync()
    {
        await Task.Yield();
        var answer = await _context.Store.ReadPlanAsync(QuotaKeys.Plan(_principal), CancellationToken.None);
        _context.Metrics.Read(answer.Outcome);
        var now = _context.Time.GetTimestamp();
        if (answer.Outcome is not (StoreOutcome.Done or StoreOutcome.Missing))
        {
            // A plan that was known stays in force; its leases run dry while the table is away. Soon tried again.
            Volatile.Write(ref _lookAgainAt, _current is null ? long.MinValue : now + _context.Ticks(TimeSpan.FromSeconds(1)));
            return StoreOutcome.Unavailable;
        }

        Take(answer.Plan);
        Volatile.Write(ref _lookedAt, now);
        Volatile.Write(ref _lookAgainAt, now + (2 * _context.Ticks(_context.Options.PlanRefresh)));
        return _current is null ? StoreOutcome.Missing : StoreOutcome.Done;
    }

    private void Take(string? changed)
    {
        IsOverridden = changed is not null;
        var plan = _plans.Find(changed ?? _plan);
        if (plan is null)
        {
            QuotaLog.PlanUnknown(_context.Log, _principal.Value);
        }

        var before = _current;
        if (ReferenceEquals(before?.Plan, plan))
        {
            return;
        }

        _current = plan is null ? null : new CallerQuota(_context, _pool, _principal, plan, _gate);
        if (before is not null)
        {
            lock (_lock)
            {
                _former.Add((before, _context.Time.GetTimestamp()));
            }

            _ = before.CloseAsync();
        }
    }
}
