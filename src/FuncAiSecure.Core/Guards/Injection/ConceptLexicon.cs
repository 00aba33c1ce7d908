using System.Collections.Frozen;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>The words of concepts.txt by meaning: whole words, stems, pairs of words, and runs of scripts without blanks.</summary>
internal sealed class ConceptLexicon
{
    /// <summary>Longest word of a script without blanks that is looked for, in chars.</summary>
    public const int LongestInRun = 8;

    private const int LongestStem = 14;
    private const int ShortestStem = 2;
    private readonly FrozenDictionary<string, Concepts>.AlternateLookup<ReadOnlySpan<char>> _words;
    private readonly FrozenDictionary<string, Concepts>.AlternateLookup<ReadOnlySpan<char>> _stems;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _firstOfPair;

    private readonly FrozenDictionary<string, Concepts>.AlternateLookup<ReadOnlySpan<char>> _runs;

    // The longest stem and the longest word of a run by their first two signs, so that most of a text needs no look-up.
    private readonly byte[] _longestStem = new byte[1 << 16];
    private readonly byte[] _longestRun = new byte[1 << 16];

    private ConceptLexicon(Dictionary<string, Concepts> words, Dictionary<string, Concepts> stems, HashSet<string> firsts)
    {
        Dictionary<string, Concepts> runs = [];
        foreach ((string entry, Concepts found) in words.Concat(stems).Where(e => IsRunScript(e.Key[0])))
        {
            runs[entry] = runs.GetValueOrDefault(entry) | found;
        }

        Measure(stems.Keys.Where(s => s.Length >= ShortestStem), LongestStem, _longestStem);
        Measure(runs.Keys.Where(r => r.Length > 1), LongestInRun, _longestRun);
        _runs = runs.ToFrozenDictionary().GetAlternateLookup<ReadOnlySpan<char>>();
        _words = words.ToFrozenDictionary().GetAlternateLookup<ReadOnlySpan<char>>();
        _stems = stems.ToFrozenDictionary().GetAlternateLookup<ReadOnlySpan<char>>();
        _firstOfPair = firsts.ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The one lexicon of the process.</summary>
    public static ConceptLexicon Shared { get; } = Load();

    /// <summary>Whether the script writes words without blanks, or with endings that grow on them: stems are looked up inside.</summary>
    public static bool IsRunScript(char c) => c is (>= '\u0E00' and <= '\u0EFF') or (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF');

    /// <summary>What a folded word means.</summary>
    public Concepts Find(ReadOnlySpan<char> word)
    {
        Concepts found = _words.TryGetValue(word, out Concepts whole) ? whole : Concepts.None;
        int longest = word.Length < ShortestStem ? 0 : Math.Min(word.Length, _longestStem[FirstTwo(word)]);
        for (int length = ShortestStem; length <= longest; length++)
        {
            found |= _stems.TryGetValue(word[..length], out Concepts stem) ? stem : Concepts.None;
        }

        return found;
    }

    /// <summary>What the word and the one after it mean together; <paramref name="both"/> spans them and the blank between.</summary>
    public Concepts FindPair(ReadOnlySpan<char> word, ReadOnlySpan<char> both) =>
        _firstOfPair.Contains(word) && _words.TryGetValue(both, out Concepts found) ? found : Concepts.None;

    /// <summary>The longest word that begins a run without blanks; returns its length, or 0.</summary>
    public int FindInRun(ReadOnlySpan<char> run, out Concepts found)
    {
        for (int length = run.Length < 2 ? run.Length : Math.Max(1, Math.Min(run.Length, _longestRun[FirstTwo(run)])); length > 0; length--)
        {
            if (_runs.TryGetValue(run[..length], out found))
            {
                return length;
            }
        }

        found = Concepts.None;
        return 0;
    }

    private static void Measure(IEnumerable<string> entries, int most, byte[] longest)
    {
        foreach (string entry in entries)
        {
            longest[FirstTwo(entry)] = Math.Max(longest[FirstTwo(entry)], (byte)Math.Min(entry.Length, most));
        }
    }

    /// <summary>The place of the first two signs in a table of longest words.</summary>
    internal static int FirstTwo(ReadOnlySpan<char> word) => (ushort)((word[0] * 257) ^ word[1]);

    private static ConceptLexicon Load()
    {
        using StreamReader reader = new(new MemoryStream(EmbeddedFile.Read("Guards.concepts.txt")));
        Dictionary<string, Concepts> words = [], stems = [];
        HashSet<string> firsts = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Concepts concept = Enum.Parse<Concepts>(parts[0], ignoreCase: true);
            foreach (string part in parts.AsSpan(1))
            {
                string word = part.TrimEnd('*').Replace('_', ' ');
                bool stem = part.EndsWith('*') || (word[0] >= '\uAC00' && word[0] <= '\uD7A3');
                Dictionary<string, Concepts> into = stem ? stems : words;
                into[word] = into.GetValueOrDefault(word) | concept;
                if (word.IndexOf(' ', StringComparison.Ordinal) is > 0 and int blank)
                {
                    _ = firsts.Add(word[..blank]);
                }
            }
        }

        return new ConceptLexicon(words, stems, firsts);
    }
}
