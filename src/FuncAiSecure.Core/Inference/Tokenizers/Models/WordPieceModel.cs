using System.Collections.Frozen;

namespace FuncAiSecure.Core.Inference.Tokenizers.Models;

/// <summary>Longest match first within a word; a word that cannot be put together from pieces is one unknown token.</summary>
internal sealed class WordPieceModel : ITokenModel
{
    private readonly FrozenDictionary<string, int> _vocabulary;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _starts;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _continuations;
    private readonly int _unknown;
    private readonly int _maxWordChars;
    private readonly int _longest;

    public WordPieceModel(IReadOnlyDictionary<string, int> vocabulary, string unknownToken, string continuingPrefix, int maxWordChars)
    {
        _vocabulary = vocabulary.ToFrozenDictionary(StringComparer.Ordinal);
        _unknown = _vocabulary[unknownToken];
        _maxWordChars = maxWordChars;
        _starts = _vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _continuations = vocabulary
            .Where(entry => entry.Key.StartsWith(continuingPrefix, StringComparison.Ordinal))
            .ToFrozenDictionary(entry => entry.Key[continuingPrefix.Length..], entry => entry.Value, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = _vocabulary.Keys.Max(key => key.Length);
    }

    /// <inheritdoc />
    public int? IdOf(string token) => _vocabulary.TryGetValue(token, out var id) ? id : null;

    /// <inheritdoc />
    public void Encode(ReadOnlySpan<char> piece, List<PieceToken> tokens)
    {
        var first = tokens.Count;
        if (!IsTooLong(piece) && TryEncode(piece, tokens))
        {
            return;
        }

        tokens.RemoveRange(first, tokens.Count - first);
        tokens.Add(new PieceToken(_unknown, 0, piece.Length));
    }

    private bool TryEncode(ReadOnlySpan<char> piece, List<PieceToken> tokens)
    {
        for (var start = 0; start < piece.Length;)
        {
            var lookup = start == 0 ? _starts : _continuations;
            var end = Math.Min(piece.Length, start + _longest);
            var id = -1;
            while (end > start && (SplitsPair(piece, end) || !lookup.TryGetValue(piece[start..end], out id)))
            {
                end--;
            }

            if (end == start)
            {
                return false;
            }

            tokens.Add(new PieceToken(id, start, end));
            start = end;
        }

        return true;
    }

    private bool IsTooLong(ReadOnlySpan<char> piece)
    {
        if (piece.Length <= _maxWordChars)
        {
            return false;
        }

        // The limit counts code points.
        var count = 0;
        foreach (var unit in piece)
        {
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return count > _maxWordChars;
    }

    private static bool SplitsPair(ReadOnlySpan<char> piece, int at) => at < piece.Length && char.IsLowSurrogate(piece[at]);
}
