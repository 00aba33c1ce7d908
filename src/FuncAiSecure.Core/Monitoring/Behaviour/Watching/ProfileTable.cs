using System.Runtime.CompilerServices;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Watching;

/// <summary>
/// Profiles in one array that never grows: sets of eight slots, in each the least recently seen gives way. A set is locked while its
/// profile is used.
/// </summary>
internal sealed class ProfileTable
{
    private const int Ways = 8;
    private const int Stripes = 1_024;

    private readonly Profile[] _slots;
    private readonly Lock[] _locks = new Lock[Stripes];
    private readonly int _sets;

    /// <summary>Room for at least so many principals.</summary>
    public ProfileTable(int capacity)
    {
        _sets = (capacity + Ways - 1) / Ways;
        _slots = new Profile[_sets * Ways];
        for (var i = 0; i < Stripes; i++)
        {
            _locks[i] = new Lock();
        }
    }

    /// <summary>How many principals fit.</summary>
    public int Capacity => _slots.Length;

    /// <summary>Bytes that a principal's profile takes.</summary>
    public static int BytesEach => Unsafe.SizeOf<Profile>();

    /// <summary>The lock that guards a key's profile.</summary>
    public Lock LockOf(ulong key) => _locks[SetOf(key) % Stripes];

    /// <summary>The profile of a key; an empty one where it is new. Call it inside the key's lock.</summary>
    public ref Profile Of(ulong key)
    {
        var (index, isKnown) = Find(key);
        ref var slot = ref _slots[index];
        if (!isKnown)
        {
            slot = new Profile { Key = key };
        }

        return ref slot;
    }

    /// <summary>Copies a slot without the sketches of its last inputs, which stay in memory; false where nobody has it or it has not changed since it was last taken for saving.</summary>
    public bool TryTakeChanged(int index, uint minute, out Profile copy)
    {
        lock (_locks[index / Ways % Stripes])
        {
            ref var slot = ref _slots[index];
            copy = slot;
            if (slot.Key == 0 || slot.SavedMinute > slot.LastMinute)
            {
                return false;
            }

            copy.Sketches = default;
            slot.SavedMinute = minute + 1;
            return true;
        }
    }

    /// <summary>Has a slot saved again.</summary>
    public void MarkUnsaved(ulong key)
    {
        lock (LockOf(key))
        {
            if (Find(key) is (var index, true))
            {
                _slots[index].SavedMinute = 0;
            }
        }
    }

    /// <summary>Takes a saved profile over, unless what is here knows more of the principal or everybody here was seen later.</summary>
    public void Restore(in Profile saved)
    {
        lock (LockOf(saved.Key))
        {
            var (index, isKnown) = Find(saved.Key);
            ref var slot = ref _slots[index];
            if (isKnown ? slot.Requests < saved.Requests : slot.LastMinute < saved.LastMinute)
            {
                slot = saved;
            }
        }
    }

    // The key's slot, or the one that a new key would take.
    private (int Index, bool IsKnown) Find(ulong key)
    {
        var start = SetOf(key) * Ways;
        var oldest = start;
        for (var i = start; i < start + Ways; i++)
        {
            if (_slots[i].Key == key)
            {
                return (i, true);
            }

            oldest = _slots[i].LastMinute < _slots[oldest].LastMinute ? i : oldest;
        }

        return (oldest, false);
    }

    private int SetOf(ulong key) => (int)(((key >> 32) * (uint)_sets) >> 32);
}
