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

/// <summary>Finds added tokens in text: the leftmost first, the longest among those that start alike.</summary>
internal sealed class AddedTokens(IEnumerable<AddedToken> tokens)
{
    private readonly ILookup<char, AddedToken> _byFirstChar =
        tokens.Where(token => token.Content.Length > 0).OrderByDescending(token => token.Content.Length).ToLookup(token => token.Content[0]);

    /// <summary>Cuts text into ranges that are an added token and ranges that are not (token null).</summary>
    public List<(int Start, int End, AddedToken? Token)> Find(ReadOnlySpan<char> text)
    {
        var ranges = new List<(int, int, AddedToken?)>();
        var open = 0;
        if (_byFirstChar.Count > 0)
        {
            for (var at = 0; at < text.Length;)
            {
                if (Match(text, at) is not { } token)
                {
                    at++;
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
        foreach (var token in _byFirstChar[text[at]])
        {
            if (text[at..].StartsWith(token.Content, StringComparison.Ordinal)
                && (!token.IsSingleWord || StandsAlone(text, at, at + token.Content.Length)))
            {
                return token;
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
