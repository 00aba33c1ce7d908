using System.Text.Json;
using FuncAiSecure.Core.Inference.Tokenizers.Reading;

namespace FuncAiSecure.Core.Inference.Tokenizers;

/// <summary>Reads a <c>tokenizer.json</c>. A part that is not supported is an error, never a silent difference in ids.</summary>
internal static class TokenizerReader
{
    public static TokenizerParts Read(ReadOnlyMemory<byte> json, bool allowSpecialTokens)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            return Read(document.RootElement, allowSpecialTokens);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or IndexOutOfRangeException or ArgumentException)
        {
            throw new TokenizerFormatException($"tokenizer.json: {e.Message}", e);
        }
    }

    private static TokenizerParts Read(JsonElement root, bool allowSpecialTokens)
    {
        var added = ReadAdded(root);
        var special = added.Where(token => token.IsSpecial).Select(token => token.Id).ToHashSet();
        var model = ModelReader.Read(root.GetProperty("model"), allowSpecialTokens ? [] : special);
        var postProcessor = new PostProcessorReader(root.Find("post_processor"));
        return new TokenizerParts
        {
            Normalizer = NormalizerReader.Read(root.Find("normalizer")),
            PreTokenizer = PreTokenizerReader.Read(root.Find("pre_tokenizer")),
            Model = model.Model,
            Kind = model.Kind,
            Template = postProcessor.Template,
            TrimsOffsets = postProcessor.TrimsOffsets,
            AddedTokens = [.. added.Where(token => allowSpecialTokens || !token.IsSpecial)],
            PadId = PadIdOf(root, added),
            VocabularySize = Math.Max(model.Size, added.Select(token => token.Id + 1).DefaultIfEmpty().Max()),
        };
    }

    private static List<AddedToken> ReadAdded(JsonElement root) => root.Find("added_tokens") is not { } list
        ? []
        :
        [
            .. list.EnumerateArray().Select(token => new AddedToken(token.GetProperty("content").GetString()!, token.GetProperty("id").GetInt32())
            {
                IsSpecial = token.Flag("special", false),
                IsNormalized = token.Flag("normalized", false),
                IsSingleWord = token.Flag("single_word", false),
                StripsLeft = token.Flag("lstrip", false),
                StripsRight = token.Flag("rstrip", false),
            }),
        ];

    private static int PadIdOf(JsonElement root, List<AddedToken> added) =>
        root.Find("padding")?.Find("pad_id")?.GetInt32()
        ?? added.Find(token => token.Content is "[PAD]" or "<pad>")?.Id
        ?? 0;
}
