using System.Runtime.CompilerServices;

namespace FuncAiSecure.Core.Guards.Extraction;

/// <summary>
/// Budgets in one array that never grows: sets of eight slots. Whoever comes new to a full set takes the place of the one that has
/// spent least, and starts with what that one had spent (as Space-Saving does; Metwally, Agrawal and El Abbadi 2005): crowding others out
/// forgives nothing.
/// </summary>
internal sealed class BudgetTable
{
    private const int Ways = 8;
    private const int Stripes = 1_024;

    private readonly BudgetEntry[] _slots;
    private readonly Lock[] _locks = new Lock[Stripes];
    private readonly int _sets;

    /// <summary>Room for at least so many budgets.</summary>
    public BudgetTable(int capacity)
    {
        _sets = (capacity + Ways - 1) / Ways;
        _slots = new BudgetEntry[_sets * Ways];
        for (var i = 0; i < Stripes; i++)
        {
            _locks[i] = new Lock();
        }
    }

    /// <summary>How many budgets fit.</summary>
    public int Capacity => _slots.Length;

    /// <summary>Bytes that a budget takes.</summary>
    public static int BytesEach => Unsafe.SizeOf<BudgetEntry>();

    /// <summary>The lock that guards a key's budget.</summary>
    public Lock LockOf(ulong key) => _locks[SetOf(key) % Stripes];

    /// <summary>The lock that guards a slot.</summary>
    public Lock LockOfSlot(int index) => _locks[index / Ways % Stripes];

    /// <summary>A slot. Use it inside its lock.</summary>
    public ref BudgetEntry this[int index] => ref _slots[index];

    /// <summary>A key's budget, if it has one here; otherwise a null reference. Use it inside the key's lock.</summary>
    public ref BudgetEntry Find(ulong key)
    {
        var start = SetOf(key) * Ways;
        for (var i = start; i < start + Ways; i++)
        {
            if (_slots[i].Key == key)
            {
                return ref _slots[i];
            }
        }

        return ref Unsafe.NullRef<BudgetEntry>();
    }

    /// <summary>A key's budget, a new one where it has none. Use it inside the key's lock.</summary>
    public ref BudgetEntry Of(ulong key, uint now)
    {
        ref var known = ref Find(key);
        if (!Unsafe.IsNullRef(ref known))
        {
            return ref known;
        }

        var start = SetOf(key) * Ways;
        var least = start;
        for (var i = start; i < start + Ways && _slots[least].Key != 0; i++)
        {
            least = _slots[i].Key == 0 || _slots[i].SpentAt(now) < _slots[least].SpentAt(now) ? i : least;
        }

        ref var slot = ref _slots[least];
        slot = new BudgetEntry { Key = key, Spent = slot.SpentAt(now), At = now, ForgottenAt = now, ToldAt = now };
        return ref slot;
    }

    private int SetOf(ulong key) => (int)(((key >> 32) * (uint)_sets) >> 32);
}
