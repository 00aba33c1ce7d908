namespace FuncAiSecure.Core.Monitoring.Live;

/// <summary>
/// Tallies of the last stretches of time, one place for each: bounded memory, no lock. A place whose stretch is over is given a
/// new tally by whoever comes first; a request that loses that race counts in the tally of the one that won it.
/// </summary>
/// <param name="stretch">How long a stretch is.</param>
/// <param name="count">How many stretches are kept, the running one included.</param>
internal sealed class TallyRing(TimeSpan stretch, int count)
{
    private readonly Place?[] _places = new Place?[count];

    /// <summary>Counts a request in the stretch of <paramref name="now"/>.</summary>
    public void Add(DateTimeOffset now, in FinishedRequest request)
    {
        var number = now.UtcTicks / stretch.Ticks;
        ref var place = ref _places[number % count];
        var current = Volatile.Read(ref place);

        // A clock that went back a little counts in the newer stretch.
        while (current is null || current.Number < number)
        {
            var made = new Place(number);
            var before = Interlocked.CompareExchange(ref place, made, current);
            current = ReferenceEquals(before, current) ? made : before;
        }

        current.Tally.Add(in request);
    }

    /// <summary>The stretches that are kept and not empty, oldest first, each with its begin.</summary>
    public IEnumerable<(DateTimeOffset Begin, Tally Tally)> Read(DateTimeOffset now)
    {
        var last = now.UtcTicks / stretch.Ticks;
        return
        [
            .. from place in _places.Select((_, i) => Volatile.Read(ref _places[i]))
               where place is not null && place.Number > last - count && place.Number <= last
               orderby place.Number
               select (new DateTimeOffset(place.Number * stretch.Ticks, TimeSpan.Zero), place.Tally),
        ];
    }

    private sealed class Place(long number)
    {
        public long Number => number;

        public Tally Tally { get; } = new();
    }
}
