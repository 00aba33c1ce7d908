using System.Security.Cryptography;
using System.Runtime.InteropServices;

namespace FuncAiSecure.Core.Identity.Throttling;

/// <summary>
/// Token buckets of failures in a table of fixed size: a set of four slots for each hash, the least recently failed slot
/// gives way. A million sources cost the memory of the table and no more; slots are chosen by a hash that a caller cannot
/// predict, so nobody can aim at a neighbour's slot.
/// </summary>
internal sealed class FailureThrottle
{
    private const int Ways = 4;
    private const int Stripes = 64;

    private readonly Slot[] _slots;
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private readonly ulong _sets;
    private readonly double _burst;
    private readonly double _perTick;
    private readonly TimeProvider _time;
    private readonly ulong _seed = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(8));

    /// <param name="burst">Failures allowed at once.</param>
    /// <param name="perMinute">Failures allowed in the long run.</param>
    /// <param name="sets">Size of the table in sets of four slots (32 bytes each); a power of two.</param>
    /// <param name="time">The clock.</param>
    public FailureThrottle(int burst, double perMinute, int sets, TimeProvider time)
    {
        _slots = new Slot[sets * Ways];
        _sets = (ulong)sets;
        _burst = burst;
        _perTick = perMinute / 60 / time.TimestampFrequency;
        _time = time;
    }

    /// <summary>Has this key spent its failures? Costs nothing in the table.</summary>
    public bool IsBlocked(UInt128 key)
    {
        var now = _time.GetTimestamp();
        var set = Locate(key);
        lock (_locks[set % Stripes])
        {
            foreach (ref var slot in SlotsOf(set))
            {
                if (slot.Used && slot.Key == key)
                {
                    return Refill(slot, now) < 1;
                }
            }

            return false;
        }
    }

    /// <summary>Counts a failure; false if the key had none left, so that it is refused as throttled.</summary>
    public bool TrySpend(UInt128 key)
    {
        var now = _time.GetTimestamp();
        var set = Locate(key);
        lock (_locks[set % Stripes])
        {
            ref var slot = ref Claim(SlotsOf(set), key);
            var tokens = slot.Used && slot.Key == key ? Refill(slot, now) : _burst;
            var spent = tokens >= 1;
            slot = new Slot { Key = key, Used = true, At = now, Tokens = spent ? tokens - 1 : tokens };
            return spent;
        }
    }

    private static ref Slot Claim(Span<Slot> slots, UInt128 key)
    {
        var oldest = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i].Used && slots[i].Key == key)
            {
                return ref slots[i];
            }

            if (!slots[i].Used || (slots[oldest].Used && slots[i].At < slots[oldest].At))
            {
                oldest = i;
            }
        }

        return ref slots[oldest];
    }

    private double Refill(in Slot slot, long now) => Math.Min(_burst, slot.Tokens + ((now - slot.At) * _perTick));

    private Span<Slot> SlotsOf(ulong set) => _slots.AsSpan((int)set * Ways, Ways);

    // Two rounds of a 64-bit finalizer (MurmurHash3's constants) under a random seed.
    private ulong Locate(UInt128 key)
    {
        var hash = Mix(_seed ^ (ulong)key);
        return Mix(hash ^ (ulong)(key >> 64) ^ _seed) & (_sets - 1);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
        value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }

    private struct Slot
    {
        public UInt128 Key;
        public double Tokens;
        public long At;
        public bool Used;
    }
}
