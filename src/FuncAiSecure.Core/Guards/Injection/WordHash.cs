namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// The hash of a word wherever it stands, the same in training and serving: FNV-1a (Fowler, Noll, Vo) over UTF-16 units, finished by a mix.
/// A unit at a time, so that all beginnings of a word cost no more than the word.
/// </summary>
internal static class WordHash
{
    /// <summary>The state before the first unit.</summary>
    public const uint Start = 2166136261;

    /// <summary>The state after one unit more.</summary>
    public static uint Add(uint state, char unit) => (state ^ unit) * 16777619;

    /// <summary>Spreads every bit over all (the finalizer of MurmurHash3); of a state it makes the hash.</summary>
    public static uint Mix(uint state)
    {
        state = (state ^ (state >> 16)) * 0x85ebca6b;
        state = (state ^ (state >> 13)) * 0xc2b2ae35;
        return state ^ (state >> 16);
    }

    /// <summary>The hash of a word.</summary>
    public static uint Of(ReadOnlySpan<char> word)
    {
        uint state = Start;
        foreach (char unit in word)
        {
            state = Add(state, unit);
        }

        return Mix(state);
    }
}
