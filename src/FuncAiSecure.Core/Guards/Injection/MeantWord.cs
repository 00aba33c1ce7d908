using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>A word as the classifier's network reads it: its place in words.txt (-1 where it has none) and its meanings.</summary>
internal readonly record struct MeantWord(int Row, Concepts Concepts)
{
    /// <summary>The place of a folded word, of the part before an apostrophe; -1 where the list has no such word.</summary>
    public static int RowOf(ReadOnlySpan<char> word)
    {
        int end = word.IndexOfAny('\'', '’');
        return CommonWords.Shared.RankOf(end < 0 ? word : word[..end]);
    }

    /// <summary>A word of a view.</summary>
    public static MeantWord Of(in Token word) => new(word.Row, word.Concepts);
}
