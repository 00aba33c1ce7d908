namespace FuncAiSecure.Core.Quotas;

/// <summary>Reservations for reuse, so that admitting a request allocates nothing. What does not fit is left to the collector.</summary>
internal sealed class ReservationPool
{
    private readonly Slot[] _slots = new Slot[64];

    private struct Slot
    {
        public Reservation? Value;
    }

    public Reservation Rent()
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            if (_slots[i].Value is not null && Interlocked.Exchange(ref _slots[i].Value, null) is { } reservation)
            {
                return reservation;
            }
        }

        return new Reservation();
    }

    public void Return(Reservation reservation)
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            if (_slots[i].Value is null && Interlocked.CompareExchange(ref _slots[i].Value, reservation, null) is null)
            {
                return;
            }
        }
    }
}
