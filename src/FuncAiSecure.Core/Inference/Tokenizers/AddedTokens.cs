using System.Buffers;
using System.Text;
using FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;

namespace FuncAiSecure.Core.Inference.Tokenizers;

/// <summary>A token that is found in text as it stands, before any model looks at it.</summary>
internal sealed record AddedToken(string Content, int Id)
{
    public bool IsSpecial { get; init; }

    public bool IsNormalized { get; init; }

    public bool IsSingleWord { get; init; }

    public bool StripsLeft { get; init; }

    public bool StripsRight { get; init; }
}

/// <summary>
/// Finds added tokens in text: the leftmost first, the longest among those that start alike. A place costs a look for each length, not for
/// each token: some files have thousands that start with the same character, and a caller could write nothing but that.
/// </summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<string, AddedToken>.AlternateLookup<ReadOnlySpan<char>> _tokens;
    private readonly Dictionary<char, int[]> _lengths;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        // Of two with one content the first counts.
        var all = tokens.Where(token => token.Content.Length > 0).DistinctBy(token => token.Content).ToDictionary(token => token.Content, StringComparer.Ordinal);
        _tokens = all.GetAlternateLookup<ReadOnlySpan<char>>();
        _lengths = all.Keys.GroupBy(content => content[0]).ToDictionary(
            group => group.Key, group => group.Select(content => content.Length).Distinct().OrderDescending().ToArray());
    }

    /// <summary>Cuts text into ranges that are an added token and ranges that are not (token null).</summary>
    public List<(int Start, int End, AddedToken? Token)> Find(ReadOnlySpan<char> text)
    {
        var ranges = new List<(int, int, AddedToken?)>();
        var open = 0;
        if (_lengths.Count > 0)
        {
            for (var at = 0; at < text.Length;)
            {
                if (Match(text, at) is not { } token)
                {
                    at++;
                    continue;
                }

                // As the reference: neither a shorter token nor one inside counts in its place.
                if (token.IsSingleWord && !StandsAlone(text, at, at + token.Content.Length))
                {
                    at += token.Content.Length;
                    continue;
                }

                var start = token.StripsLeft ? TrimLeft(text, at, open) : at;
                var end = token.StripsRight ? TrimRight(text, at + token.Content.Length) : at + token.Content.Length;
                if (start > open)
                {
                    ranges.Add((open, start, null));
                }

                ranges.Add((start, end, token));
                at = open = end;
            }
        }

        if (open < text.Length)
        {
            ranges.Add((open, text.Length, null));
        }

        return ranges;
    }

    private AddedToken? Match(ReadOnlySpan<char> text, int at)
    {
        if (_lengths.TryGetValue(text[at], out var lengths))
        {
            foreach (var length in lengths)
            {
                if (length <= text.Length - at && _tokens.TryGetValue(text.Slice(at, length), out var token))
                {
                    return token;
                }
            }
        }

        return null;
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int start, int end) =>
        !EndsWithWord(text[..start]) && !StartsWithWord(text[end..]);

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out var rune, out _) is OperationStatus.Done && CharClasses.IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var rune, out _) is OperationStatus.Done && CharClasses.IsWord(rune);

    private static int TrimLeft(ReadOnlySpan<char> text, int at, int least)
    {
        while (at > least && char.IsWhiteSpace(text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private static int TrimRight(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }
}
