using FuncAiSecure.Core.Inference.Tokenizers.Models;
using FuncAiSecure.Core.Inference.Tokenizers.Normalizers;
using FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Tokenizers;

/// <summary>
/// Turns text into the token ids of a Hugging Face <c>tokenizer.json</c>, equal to those of the reference implementation. Text
/// that spells a special token stays plain text unless the manifest says otherwise: a caller cannot write control tokens.
/// Safe for concurrent use.
/// </summary>
public sealed class TextTokenizer
{
    private readonly INormalizer? _normalizer;
    private readonly IPreTokenizer? _preTokenizer;
    private readonly ITokenModel _model;
    private readonly TokenTemplate _template;
    private readonly AddedTokens _rawTokens;
    private readonly AddedTokens _normalizedTokens;
    private readonly bool _trimsOffsets;

    internal TextTokenizer(TokenizerParts parts)
    {
        _normalizer = parts.Normalizer;
        _preTokenizer = parts.PreTokenizer;
        _model = parts.Model;
        _template = parts.Template;
        _trimsOffsets = parts.TrimsOffsets;
        PadId = parts.PadId;
        VocabularySize = parts.VocabularySize;
        _rawTokens = new AddedTokens(parts.AddedTokens.Where(token => !token.IsNormalized));
        _normalizedTokens = new AddedTokens(parts.AddedTokens.Where(token => token.IsNormalized).Select(NormalizeContent));
    }

    /// <summary>The id to pad a batch with.</summary>
    public int PadId { get; }

    /// <summary>One more than the highest id.</summary>
    public int VocabularySize { get; }

    /// <summary>Reads a <c>tokenizer.json</c>.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <param name="allowSpecialTokens">Whether text that spells a special token becomes that token.</param>
    /// <param name="kind">The algorithm that the manifest names; null takes whichever the file has.</param>
    /// <exception cref="TokenizerFormatException">The file is not valid, has a part that is not supported or another algorithm.</exception>
    public static TextTokenizer Read(ReadOnlyMemory<byte> json, bool allowSpecialTokens, TokenizerKind? kind = null)
    {
        var parts = TokenizerReader.Read(json, allowSpecialTokens);
        return kind is null || parts.Kind == kind
            ? new TextTokenizer(parts)
            : throw new TokenizerFormatException("model", "the file has another algorithm than the manifest names.");
    }

    /// <summary>Encodes a text, or a pair of texts, with the special tokens around them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text of a pair.</param>
    /// <param name="maxTokens">Where to cut, special tokens included; null leaves everything.</param>
    /// <param name="side">The side to cut at.</param>
    public TokenizedText Encode(string text, string? pair = null, int? maxTokens = null, Truncation side = Truncation.Right)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = Tokenize(text);
        var second = pair is null ? null : Tokenize(pair);
        var added = _template.AddedCount(pair is not null);
        var total = first.Count + (second?.Count ?? 0) + added;
        if (maxTokens is { } limit && total > limit)
        {
            Cut(first, second, Math.Max(0, limit - added), side);
        }

        return _template.Apply(first, second, total);
    }

    private List<PlacedToken> Tokenize(string text)
    {
        var tokens = new List<PlacedToken>((text.Length / 4) + 8);
        var scratch = new List<PieceToken>();
        foreach (var (start, end, added) in _rawTokens.Find(text))
        {
            if (added is not null)
            {
                tokens.Add(new PlacedToken(added.Id, start, end));
                continue;
            }

            var normalized = new TokenText(text.AsSpan(start, end - start), start);
            _normalizer?.Apply(normalized);
            TokenizeNormalized(normalized, tokens, scratch);
        }

        if (_trimsOffsets)
        {
            TrimOffsets(text, tokens);
        }

        return tokens;
    }

    private void TokenizeNormalized(TokenText text, List<PlacedToken> tokens, List<PieceToken> scratch)
    {
        foreach (var (start, end, added) in _normalizedTokens.Find(text.Chars))
        {
            if (added is not null)
            {
                tokens.Add(new PlacedToken(added.Id, text.StartOf(start), text.EndOf(end - 1)));
            }
            else
            {
                TokenizePlain(text.Slice(start, end), tokens, scratch);
            }
        }
    }

    private void TokenizePlain(TokenText text, List<PlacedToken> tokens, List<PieceToken> scratch)
    {
        var split = new SplitText(text);
        _preTokenizer?.Apply(split);
        foreach (var piece in split.Pieces)
        {
            scratch.Clear();
            _model.Encode(split.CharsOf(piece), scratch);
            foreach (var token in scratch)
            {
                var from = split.Text.StartOf(piece.Start + token.Start);
                var to = split.Text.EndOf(piece.Start + Math.Max(token.End, token.Start + 1) - 1);
                tokens.Add(new PlacedToken(token.Id, from, to));
            }
        }
    }

    private AddedToken NormalizeContent(AddedToken token)
    {
        var text = new TokenText(token.Content, 0);
        _normalizer?.Apply(text);
        return token with { Content = text.Chars.ToString() };
    }

    // A byte-level token carries the space before its word; its offsets do not.
    private static void TrimOffsets(string text, List<PlacedToken> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var (id, start, end) = tokens[i];
            while (start < end && text[start] == ' ')
            {
                start++;
            }

            while (end > start && text[end - 1] == ' ')
            {
                end--;
            }

            tokens[i] = new PlacedToken(id, start, end);
        }
    }

    // Of a pair, the longer text loses first; where both are too long, they share.
    private static void Cut(List<PlacedToken> first, List<PlacedToken>? second, int limit, Truncation side)
    {
        if (second is null)
        {
            CutTo(first, limit, side);
            return;
        }

        var (shorter, longer) = first.Count > second.Count ? (second, first) : (first, second);
        var keepShorter = shorter.Count;
        var keepLonger = keepShorter > limit ? keepShorter : Math.Max(keepShorter, limit - keepShorter);
        if (keepShorter + keepLonger > limit)
        {
            keepShorter = limit / 2;
            keepLonger = keepShorter + (limit % 2);
        }

        CutTo(shorter, keepShorter, side);
        CutTo(longer, keepLonger, side);
    }

    private static void CutTo(List<PlacedToken> tokens, int keep, Truncation side)
    {
        if (tokens.Count > keep)
        {
            tokens.RemoveRange(side is Truncation.Left ? 0 : keep, tokens.Count - keep);
        }
    }
}

/// <summary>What a tokenizer is made of.</summary>
internal sealed record TokenizerParts
{
    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer? PreTokenizer { get; init; }

    public required ITokenModel Model { get; init; }

    public required TokenizerKind Kind { get; init; }

    public required TokenTemplate Template { get; init; }

    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    public bool TrimsOffsets { get; init; }

    public int PadId { get; init; }

    public int VocabularySize { get; init; }
}
