using System.Runtime.CompilerServices;
using FuncAiSecure.Core.Guards.Pii.Scanners;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>The words of the last names found, so that a part of one is known again where it stands alone. A fixed few: every look is bounded.</summary>
internal struct NamesSeen
{
    private const int Most = 16;
    private const int Shortest = 4;

    private Places _places;
    private int _count;

    /// <summary>Whether no name was found yet.</summary>
    public readonly bool IsEmpty => _count == 0;

    /// <summary>Remembers the words of the name from <paramref name="at"/> to <paramref name="end"/>.</summary>
    public void Add(ReadOnlySpan<char> text, int at, int end)
    {
        while (at < end)
        {
            int stop = Math.Min(NameParts.WordEnd(text, at), end);
            if (stop - at >= Shortest && char.IsUpper(text[at]) && !Contains(text, at, stop))
            {
                _places[_count++ % Most] = (at, stop);
            }

            at = Math.Max(stop, at + 1);
        }
    }

    /// <summary>Whether the word from <paramref name="at"/> to <paramref name="end"/> is one of a name before.</summary>
    public readonly bool Contains(ReadOnlySpan<char> text, int at, int end)
    {
        ReadOnlySpan<char> word = text[at..end];
        for (int i = 0; i < Math.Min(_count, Most); i++)
        {
            (int from, int to) = _places[i];
            if (word.SequenceEqual(text[from..to]))
            {
                return true;
            }
        }

        return false;
    }

    [InlineArray(Most)]
    private struct Places
    {
        private (int Start, int End) _first;
    }
}
