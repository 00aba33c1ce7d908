using System.Runtime.InteropServices;
using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>A word as the classifier's network reads it: its row in <see cref="WordVectors"/> (-1 where it has none) and its meanings.</summary>
internal readonly record struct MeantWord(int Row, Concepts Concepts);

/// <summary>
/// Vectors of the words of words.txt, so that a word that no attack in training had still stands near its like. Made by
/// eng/guards/make-words.py from the vectors of an npm package, a signed byte a number.
/// </summary>
internal static class WordVectors
{
    /// <summary>Numbers a word.</summary>
    public const int Size = 100;

    /// <summary>What one step of a number is worth.</summary>
    public const float Step = 1 / 32f;

    private static readonly sbyte[] Rows = Load();

    /// <summary>The row of a folded word, of the part before an apostrophe; -1 where the list has no such word.</summary>
    public static int RowOf(ReadOnlySpan<char> word)
    {
        int end = word.IndexOfAny('\'', '’');
        return CommonWords.Shared.RankOf(end < 0 ? word : word[..end]);
    }

    /// <summary>A word of a view.</summary>
    public static MeantWord Of(ReadOnlySpan<char> view, in Token word) => new(RowOf(view.Slice(word.Start, word.Length)), word.Concepts);

    /// <summary>The vector of a row.</summary>
    public static ReadOnlySpan<sbyte> Row(int row) => Rows.AsSpan(row * Size, Size);

    private static sbyte[] Load()
    {
        using Stream stream = typeof(WordVectors).Assembly.GetManifestResourceStream("Guards.vectors.bin")
            ?? throw new InvalidOperationException("The word vectors are missing from the assembly.");
        sbyte[] rows = new sbyte[stream.Length];
        stream.ReadExactly(MemoryMarshal.AsBytes(rows.AsSpan()));
        return rows;
    }
}
