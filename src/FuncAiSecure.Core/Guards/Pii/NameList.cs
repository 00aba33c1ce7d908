using System.Text;
using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>
/// First names and surnames of many cultures, from first-names.txt and surnames.txt, without regard to case and accents. Read when the
/// first text is searched for persons, so that who does not ask for them does not pay.
/// </summary>
internal sealed class NameList
{
    private const int Longest = 32;

    private readonly Dictionary<string, NameMark> _marks = new(24_000, StringComparer.Ordinal);
    private readonly Dictionary<string, NameMark>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private NameList()
    {
        _lookup = _marks.GetAlternateLookup<ReadOnlySpan<char>>();
        Read("Guards.first-names.txt", NameMark.First, NameMark.FirstOrWord);
        Read("Guards.surnames.txt", NameMark.Last, NameMark.LastOrWord);
    }

    /// <summary>The one list of the process.</summary>
    public static NameList Shared { get; } = new();

    /// <summary>Names in the list.</summary>
    public int Count => _marks.Count;

    /// <summary>What the lists say of a word.</summary>
    public NameMark this[ReadOnlySpan<char> word]
    {
        get
        {
            Span<char> key = stackalloc char[Longest];
            return Fold(word, key) is > 0 and var length && _lookup.TryGetValue(key[..length], out NameMark mark) ? mark : NameMark.None;
        }
    }

    private void Read(string file, NameMark sure, NameMark orWord)
    {
        Span<char> key = stackalloc char[Longest];
        foreach (ReadOnlySpan<char> line in Encoding.UTF8.GetString(EmbeddedFile.Read(file)).AsSpan().EnumerateLines())
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            foreach (Range range in line.Split(' '))
            {
                ReadOnlySpan<char> name = line[range];
                bool starred = name.EndsWith('*');
                int length = Fold(starred ? name[..^1] : name, key);
                if (length > 0)
                {
                    // A star anywhere counts: what is a word in one language is one in a text of any.
                    _ = _lookup.TryGetValue(key[..length], out NameMark had);
                    _lookup[key[..length]] = starred || had.HasFlag(orWord) ? (had & ~sure) | orWord : had | sure;
                }
            }
        }
    }

    /// <summary>Small letters without accents; the length, or 0 for what is too long.</summary>
    private static int Fold(ReadOnlySpan<char> word, Span<char> key)
    {
        int length = 0;
        if (word.Length > Longest / 2)
        {
            return 0;
        }

        foreach (char c in word)
        {
            if (char.IsAscii(c))
            {
                key[length++] = char.ToLowerInvariant(c);
                continue;
            }

            bool known = FoldTable.Shared.TryFold(c, out ReadOnlySpan<char> folded, out _, out _) && folded.Length is 1 or 2;
            foreach (char letter in known ? folded : [c])
            {
                key[length++] = Plain(letter);
            }
        }

        return length;
    }

    // Letters that Unicode does not take apart, as people write them without.
    private static char Plain(char c) => c switch
    {
        'ø' => 'o',
        'ł' => 'l',
        'đ' or 'ð' => 'd',
        'ı' => 'i',
        '’' => '\'',
        _ => c,
    };
}
