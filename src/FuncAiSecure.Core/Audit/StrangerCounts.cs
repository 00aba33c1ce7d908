using System.Net;
using FuncAiSecure.Core.Identity.Network;

namespace FuncAiSecure.Core.Audit;

/// <summary>
/// Which requests of callers without a principal get a record of their own. A flood of refused requests must not fill the journal, for
/// a full journal refuses everybody: past so many a second and network they are counted, and the next record says how many they
/// were. Networks share places by their hash, so that memory does not grow with them.
/// </summary>
internal sealed class StrangerCounts
{
    /// <summary>Records of a network and second.</summary>
    public const int RecordsPerSecond = 100;

    private const int Places = 256;

    private readonly Lock _gate = new();
    private readonly Place[] _places = new Place[Places];

    /// <summary>Whether a request gets its record.</summary>
    /// <param name="address">Where it came from; its network counts (/24, for IPv6 /48).</param>
    /// <param name="now">The time.</param>
    /// <param name="others">Requests that were counted before it.</param>
    public bool TryTake(IPAddress address, DateTimeOffset now, out long others)
    {
        var second = now.ToUnixTimeSeconds();
        ref var place = ref _places[PlaceOf(address)];
        lock (_gate)
        {
            if (place.Second != second)
            {
                (place.Second, place.Taken) = (second, 0);
            }

            if (place.Taken == RecordsPerSecond)
            {
                place.Counted++;
                others = 0;
                return false;
            }

            place.Taken++;
            (others, place.Counted) = (place.Counted, 0);
            return true;
        }
    }

    /// <summary>Takes what was counted and has had no record since; with <paramref name="now"/> null all of it, else of ended seconds.</summary>
    public long TakeCounted(DateTimeOffset? now)
    {
        var counted = 0L;
        lock (_gate)
        {
            foreach (ref var place in _places.AsSpan())
            {
                if (place.Second != now?.ToUnixTimeSeconds())
                {
                    (counted, place.Counted) = (counted + place.Counted, 0);
                }
            }
        }

        return counted;
    }

    /// <summary>Gives back what could not be recorded.</summary>
    public void Return(long counted)
    {
        lock (_gate)
        {
            _places[0].Counted += counted;
        }
    }

    private static int PlaceOf(IPAddress address)
    {
        Span<byte> buffer = stackalloc byte[ClientNetwork.BufferLength];
        var hash = new HashCode();
        hash.AddBytes(ClientNetwork.Of(address, buffer));
        return (int)((uint)hash.ToHashCode() % Places);
    }

    private struct Place
    {
        public long Second;
        public int Taken;
        public long Counted;
    }
}
