namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>
/// Turns text into token ids exactly as the model's tokenizer file says. Pure and safe for several threads. Text that spells a
/// special token is plain text unless the manifest says otherwise.
/// </summary>
public interface ITextEncoder
{
    /// <summary>The id that fills up a shorter sequence of a batch.</summary>
    int PadId { get; }

    /// <summary>The token type that fills up a shorter sequence of a batch.</summary>
    int PadTypeId { get; }

    /// <summary>Encodes a text, or a pair of texts, with the special tokens of a single text or of a pair; cuts nothing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text of a pair, or null.</param>
    TextEncoding Encode(string text, string? pair);

    /// <summary>
    /// The same, cut to <paramref name="maxTokens"/> with special tokens counted: of a pair, always the longer text loses tokens.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text of a pair, or null.</param>
    /// <param name="maxTokens">The most tokens, special ones included.</param>
    /// <param name="fromLeft">Whether the start is cut instead of the end.</param>
    TextEncoding EncodeTruncated(string text, string? pair, int maxTokens, bool fromLeft);
}

/// <summary>An encoded text or pair. The arrays have one entry a token, special tokens included.</summary>
public sealed class TextEncoding
{
    /// <summary>Token ids.</summary>
    public required int[] Ids { get; init; }

    /// <summary>0 for the first text, 1 for the second (BERT's segments); what the tokenizer's post-processor says for special tokens.</summary>
    public required int[] TypeIds { get; init; }

    /// <summary>Start and end of each token in its text, in UTF-16 code units; both 0 for special tokens.</summary>
    public required (int Start, int End)[] Offsets { get; init; }

    /// <summary>True for tokens that the tokenizer added.</summary>
    public required bool[] Special { get; init; }

    /// <summary>Tokens before anything was cut; equal to the length where nothing was.</summary>
    public required int FullCount { get; init; }

    /// <summary>Tokens.</summary>
    public int Count => Ids.Length;
}
