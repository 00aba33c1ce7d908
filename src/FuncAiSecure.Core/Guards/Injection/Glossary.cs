using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// Reads words of other languages as the English words that they mean, so that what the guard learnt of English holds for them. A table of
/// hashes in glossary.bin, made from the word lists of models/training/guard/glossary by GlossaryWriter there; no word of theirs is kept.
/// </summary>
internal sealed class Glossary
{
    /// <summary>Longest stem, in chars.</summary>
    public const int LongestStem = 20;

    private const int ShortestStem = 2;
    private const int ShortestAfterApostrophe = 3;
    private const int LongestArticle = 5;
    private const int LongestPrefix = 3;
    private const uint StemMark = 0x9E3779B9;
    private const uint FirstOfPairMark = 0x7F4A7C15;

    private readonly EnglishWord[] _english;
    private readonly byte[] _longestRun;
    private readonly uint[] _keys;
    private readonly ushort[] _values;

    private Glossary(byte[] file)
    {
        Digest = Convert.ToHexStringLower(SHA256.HashData(file));
        int end = file.AsSpan().IndexOf((byte)'\n');
        _english = [.. Encoding.ASCII.GetString(file, 0, end).Split(' ').Select(EnglishWord.Of)];
        ReadOnlySpan<byte> rest = file.AsSpan(end + 1);
        _longestRun = rest[..(1 << 16)].ToArray();
        rest = rest[(1 << 16)..];
        int slots = rest.Length / (sizeof(uint) + sizeof(ushort));
        _keys = MemoryMarshal.Cast<byte, uint>(rest[..(slots * sizeof(uint))]).ToArray();
        _values = MemoryMarshal.Cast<byte, ushort>(rest[(slots * sizeof(uint))..]).ToArray();
    }

    /// <summary>The one glossary of the process.</summary>
    public static Glossary Shared { get; } = new(EmbeddedFile.Read("Guards.glossary.bin"));

    /// <summary>SHA-256 of the table in hexadecimal digits: a model holds for the glossary that it was trained with.</summary>
    public string Digest { get; }

    /// <summary>The English word of a number that a look-up gave.</summary>
    public EnglishWord this[int number] => _english[number];

    /// <summary>
    /// The number of the English word that a folded word means, -1 where none is known: the whole word, or what follows an article and an
    /// apostrophe (l'instruction). A word that words.txt lists and none of these stays what it is; else stems count, the longest first, and
    /// what follows the prefixes that Arabic and Hebrew write together with a word.
    /// </summary>
    public int Find(ReadOnlySpan<char> word, uint hash, int row)
    {
        int found = Get(KeyOf(hash));
        if (found < 0 && word.IndexOfAny('\'', '’') is >= 0 and < LongestArticle and int apostrophe && word.Length - apostrophe > ShortestAfterApostrophe)
        {
            found = FindWhole(word[(apostrophe + 1)..]);
        }

        if (found >= 0 || row >= 0)
        {
            return found;
        }

        found = FindStem(word);
        for (int prefix = 1; found < 0 && prefix <= LongestPrefix && word.Length - prefix >= ShortestAfterApostrophe && IsPrefix(word[prefix - 1]); prefix++)
        {
            found = FindWhole(word[prefix..]);
        }

        return found;
    }

    /// <summary>Whether some pair of words of the glossary begins with the word of this hash.</summary>
    public bool BeginsPair(uint hash) => Get(FirstOfPairKeyOf(hash)) >= 0;

    /// <summary>The number of the English word that two words with a blank between them mean together, or -1.</summary>
    public int FindPair(ReadOnlySpan<char> both) => Get(KeyOf(WordHash.Of(both)));

    /// <summary>The longest word that begins a run without blanks; returns its length, or 0.</summary>
    public int FindInRun(ReadOnlySpan<char> run, out int number)
    {
        number = -1;
        int longest = run.Length < 2 ? run.Length : Math.Max(1, Math.Min(run.Length, _longestRun[ConceptLexicon.FirstTwo(run)])), length = 0;
        uint state = WordHash.Start;
        for (int i = 0; i < longest; i++)
        {
            state = WordHash.Add(state, run[i]);
            (number, length) = Get(KeyOf(WordHash.Mix(state))) is >= 0 and int found ? (found, i + 1) : (number, length);
        }

        return length;
    }

    /// <summary>The key of a whole word, or of a pair of words, by its hash; zero is no key.</summary>
    internal static uint KeyOf(uint hash) => Math.Max(hash, 1);

    /// <summary>The key of a stem by its hash.</summary>
    internal static uint StemKeyOf(uint hash) => KeyOf(hash ^ StemMark);

    /// <summary>The key of the first word of a pair by its hash.</summary>
    internal static uint FirstOfPairKeyOf(uint hash) => KeyOf(hash ^ FirstOfPairMark);

    /// <summary>The first slot to look for a key in, of so many slots; the next ones follow.</summary>
    internal static int SlotOf(uint key, int slots) => (int)(((ulong)key * (uint)slots) >> 32);

    private int FindWhole(ReadOnlySpan<char> word) => Get(KeyOf(WordHash.Of(word))) is >= 0 and int found ? found : FindStem(word);

    private int FindStem(ReadOnlySpan<char> word)
    {
        int found = -1;
        uint state = WordHash.Start;
        for (int i = 0; i < Math.Min(word.Length, LongestStem); i++)
        {
            state = WordHash.Add(state, word[i]);
            found = i + 1 >= ShortestStem && Get(StemKeyOf(WordHash.Mix(state))) is >= 0 and int stem ? stem : found;
        }

        return found;
    }

    private int Get(uint key)
    {
        for (int slot = SlotOf(key, _keys.Length); ; slot = slot + 1 == _keys.Length ? 0 : slot + 1)
        {
            if (_keys[slot] == key)
            {
                return _values[slot];
            }

            if (_keys[slot] == 0)
            {
                return -1;
            }
        }
    }

    /// <summary>Letters that Arabic and Hebrew write before a word without a blank: and, then, by, like, to, the, from, that.</summary>
    private static bool IsPrefix(char c) => c is 'و' or 'ف' or 'ب' or 'ك' or 'ل' or 'ا' or 'ו' or 'ה' or 'ב' or 'ל' or 'כ' or 'מ' or 'ש';

    /// <summary>An English word as the guard reads it.</summary>
    /// <param name="Hash">Its hash.</param>
    /// <param name="Row">Its place in words.txt.</param>
    /// <param name="Concepts">What it means.</param>
    internal readonly record struct EnglishWord(uint Hash, int Row, Concepts Concepts)
    {
        internal static EnglishWord Of(string word) => new(WordHash.Of(word), CommonWords.Shared.RankOf(word), ConceptLexicon.Shared.Find(word));
    }
}
