namespace FuncAiSecure.Core.Quotas;

/// <summary>
/// What one admitted request holds of its caller's plan. A handle: copies are the same lease, completing it twice does
/// nothing, and the default value holds nothing.
/// </summary>
public readonly struct QuotaLease
{
    private readonly Reservation? _reservation;
    private readonly CallerQuota? _caller;
    private readonly int _version;

    internal QuotaLease(CallerQuota caller, Reservation? reservation)
    {
        _caller = caller;
        _reservation = reservation;
        _version = reservation?.Version ?? 0;
    }

    /// <summary>The value of <c>RateLimit-Policy</c>; empty for a lease that belongs to nobody.</summary>
    public string RateLimitPolicy => _caller?.Plan.PolicyField ?? "";

    /// <summary>
    /// Reserves the input's units, after it was read and counted and before it runs. Completes synchronously while the
    /// policies' leases are warm.
    /// </summary>
    /// <param name="units">Units, 0 or more; see <see cref="Plans.QuotaUnit.InputUnits"/>.</param>
    /// <param name="ct">The request's token.</param>
    /// <returns>Null if reserved. After a refusal nothing of these units is held; complete the lease with <c>ran: false</c>.</returns>
    public ValueTask<Refusal?> ReserveInputUnitsAsync(long units, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        return _reservation is { } reservation && reservation.Version == _version && units > 0
            ? _caller!.ReserveUnitsAsync(reservation, units, ct)
            : new ValueTask<Refusal?>((Refusal?)null);
    }

    /// <summary>Ends the request. Call it once, whatever happened.</summary>
    /// <param name="ran">False if inference never started: then everything is given back.</param>
    public void Complete(bool ran)
    {
        if (_reservation is { } reservation && reservation.TryEnd(_version))
        {
            _caller!.Complete(reservation, ran);
        }
    }

    /// <summary>
    /// Writes the value of <c>RateLimit</c> as it is now: what this instance can be sure of, never more. False if the
    /// buffer is too small (1,024 characters always do).
    /// </summary>
    public bool TryFormatRateLimit(Span<char> destination, out int written)
    {
        written = 0;
        return _caller is null || RateLimitFields.TryFormat(_caller, destination, out written);
    }
}
