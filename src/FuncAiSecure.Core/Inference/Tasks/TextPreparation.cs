using System.Globalization;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>Encodes a request's texts within the model's limits; nothing is cut that was not asked to be.</summary>
internal static class TextPreparation
{
    /// <summary>One encoding a text; or a refusal that names text, count and limit.</summary>
    public static Refusal? Encode(OnnxModel model, TextInput input, out TextEncoding[]? encodings)
    {
        var encoder = model.Encoder!;
        var tokenizer = model.Manifest.Tokenizer!;
        encodings = new TextEncoding[input.TokenIds?.Count ?? input.Texts.Count];
        for (var index = 0; index < encodings.Length; index++)
        {
            if (index < input.Encodings.Length && input.Encodings[index] is { } known)
            {
                encodings[index] = known;
                continue;
            }

            var encoding = input.TokenIds is { } ids ? FromIds(ids[index]) : Encode(encoder, input, index);
            if (encoding.Count > tokenizer.MaxTokens)
            {
                if (!input.Truncate || tokenizer.Truncation == Truncation.Refuse || input.TokenIds is not null)
                {
                    return TooLong(input, index, encoding.Count, tokenizer.MaxTokens);
                }

                encoding = input.Query is null
                    ? encoder.EncodeTruncated(input.Texts[index], null, tokenizer.MaxTokens, tokenizer.Truncation == Truncation.Left)
                    : encoder.EncodeTruncated(input.Query, input.Texts[index], tokenizer.MaxTokens, tokenizer.Truncation == Truncation.Left);
            }

            if (encoding.Count == 0)
            {
                return Invalid(input, index, "Has no token.");
            }

            encodings[index] = encoding;
        }

        return null;
    }

    /// <summary>Checks the texts' own length, which is bounded before anything works on them.</summary>
    public static Refusal? CheckLength(ModelManifest manifest, TextInput input)
    {
        if (manifest.Limits.MaxInputChars is not { } most)
        {
            return null;
        }

        if (input.Query?.Length > most)
        {
            return Protocol.RequestFaults.Invalid("/query", TooManyCharacters(input.Query, most));
        }

        for (var index = 0; index < input.Texts.Count; index++)
        {
            if (input.Texts[index].Length > most)
            {
                return Invalid(input, index, TooManyCharacters(input.Texts[index], most));
            }
        }

        return null;
    }

    private static string TooManyCharacters(string text, int most) =>
        string.Create(CultureInfo.InvariantCulture, $"Has {text.Length} characters; the model takes {most}.");

    private static TextEncoding Encode(ITextEncoder encoder, TextInput input, int index) =>
        input.Query is null ? encoder.Encode(input.Texts[index], null) : encoder.Encode(input.Query, input.Texts[index]);

    private static TextEncoding FromIds(int[] ids) => new()
    {
        Ids = ids,
        TypeIds = new int[ids.Length],
        Offsets = new (int, int)[ids.Length],
        Special = new bool[ids.Length],
        FullCount = ids.Length,
    };

    private static Refusal TooLong(TextInput input, int index, int count, int most) =>
        Invalid(input, index, string.Create(CultureInfo.InvariantCulture, $"Has {count} tokens; the model takes {most}."));

    private static Refusal Invalid(TextInput input, int index, string message) =>
        Protocol.RequestFaults.Invalid(input.IsList ? string.Create(CultureInfo.InvariantCulture, $"{input.Pointer}/{index}") : input.Pointer, message);
}
