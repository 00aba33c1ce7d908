using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>
/// Words of words.txt by falling frequency (made by eng/guards/make-words.py), lower case, ASCII letters. Kept as a trie whose nodes
/// hold the set of letters that go on as bits, so that a step costs no more than a count of bits.
/// </summary>
internal sealed class CommonWords
{
    /// <summary>No word of the list is longer.</summary>
    public const int Longest = 16;

    private readonly uint[] _letters;
    private readonly int[] _first;
    private readonly float[] _costs;
    private readonly int[] _ranks;

    private CommonWords(byte[] file)
    {
        string[] words = Encoding.ASCII.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        (Count, Digest) = (words.Length, Convert.ToHexStringLower(SHA256.HashData(file)));

        // The ends of words as ranks; a node is the range of sorted words that begin alike. Breadth first, so that children stand together.
        string[] sorted = [.. words.Order(StringComparer.Ordinal)];
        Dictionary<string, int> ranks = words.Select((word, rank) => (word, rank)).ToDictionary(w => w.word, w => w.rank);
        List<(int From, int To, int Depth)> nodes = [(0, sorted.Length, 0)];
        List<uint> letters = [];
        List<int> first = [];
        List<float> costs = [];
        List<int> places = [];
        for (int node = 0; node < nodes.Count; node++)
        {
            (int from, int to, int depth) = nodes[node];
            bool ends = from < to && sorted[from].Length == depth;
            places.Add(ends ? ranks[sorted[from]] : -1);
            costs.Add(ends ? MathF.Log((ranks[sorted[from]] + 2) * MathF.Log(words.Length)) : float.PositiveInfinity);
            first.Add(nodes.Count);
            uint bits = 0;
            for (int at = ends ? from + 1 : from; at < to;)
            {
                char letter = sorted[at][depth];
                int end = at + 1;
                while (end < to && sorted[end][depth] == letter)
                {
                    end++;
                }

                bits |= 1u << (letter - 'a');
                nodes.Add((at, end, depth + 1));
                at = end;
            }

            letters.Add(bits);
        }

        (_letters, _first, _costs, _ranks) = ([.. letters], [.. first], [.. costs], [.. places]);
    }

    /// <summary>The one list of the process.</summary>
    public static CommonWords Shared { get; } = new(EmbeddedFile.Read("Guards.words.txt"));

    /// <summary>Words of the list.</summary>
    public int Count { get; }

    /// <summary>SHA-256 of the list in hexadecimal digits: what goes by places in the list holds for this list alone.</summary>
    public string Digest { get; }

    /// <summary>The node of the empty word.</summary>
    public const int Root = 0;

    /// <summary>The node one letter on from <paramref name="node"/>, or -1 where no word goes on so.</summary>
    public int Next(int node, char letter)
    {
        int bit = letter - 'a';
        uint letters = _letters[node];
        return (uint)bit < 26 && (letters & (1u << bit)) != 0 ? _first[node] + BitOperations.PopCount(letters & ((1u << bit) - 1)) : -1;
    }

    /// <summary>What the word that ends at a node costs in a text: the logarithm of its rank (Zipf's law). Infinite where none ends.</summary>
    public float Cost(int node) => _costs[node];

    /// <summary>The place in the list of the word that ends at a node, from 0; -1 where none ends.</summary>
    public int Rank(int node) => _ranks[node];

    /// <summary>Whether the word is in the list.</summary>
    public bool Contains(ReadOnlySpan<char> word) => RankOf(word) >= 0;

    /// <summary>The word's place in the list, from 0; -1 where it is not in it.</summary>
    public int RankOf(ReadOnlySpan<char> word)
    {
        int node = Root;
        for (int i = 0; i < word.Length && node >= 0; i++)
        {
            node = Next(node, word[i]);
        }

        return node < 0 ? -1 : Rank(node);
    }
}
