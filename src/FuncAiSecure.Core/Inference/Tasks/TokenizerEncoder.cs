using FuncAiSecure.Core.Inference.Tokenizers;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>Encodes by a <c>tokenizer.json</c>.</summary>
internal sealed class TokenizerEncoder(TextTokenizer tokenizer) : ITextEncoder
{
    /// <inheritdoc />
    public int PadId => tokenizer.PadId;

    /// <inheritdoc />
    public int PadTypeId => 0;

    /// <inheritdoc />
    public TextEncoding Encode(string text, string? pair) => Convert(tokenizer.Encode(text, pair));

    /// <inheritdoc />
    public TextEncoding EncodeTruncated(string text, string? pair, int maxTokens, bool fromLeft) =>
        Convert(tokenizer.Encode(text, pair, maxTokens, fromLeft ? Truncation.Left : Truncation.Right));

    private static TextEncoding Convert(TokenizedText text) => new()
    {
        Ids = text.Ids,
        TypeIds = text.TypeIds,
        Offsets = text.Offsets,
        Special = Array.ConvertAll(text.Sequences, sequence => sequence < 0),
        FullCount = text.TotalCount,
    };
}

/// <summary>Reads <c>tokenizer.json</c> files.</summary>
internal sealed class TokenizerEncoderFactory : ITextEncoderFactory
{
    /// <inheritdoc />
    public ITextEncoder Create(TokenizerSpec tokenizer, ReadOnlyMemory<byte> file)
    {
        try
        {
            return new TokenizerEncoder(TextTokenizer.Read(file, tokenizer.AllowSpecialTokens, tokenizer.Kind));
        }
        catch (TokenizerFormatException e)
        {
            throw new ModelLoadException("The tokenizer cannot be used: " + e.Message, e);
        }
    }
}
