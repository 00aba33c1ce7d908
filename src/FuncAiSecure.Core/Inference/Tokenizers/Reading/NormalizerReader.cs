using System.Text.Json;
using FuncAiSecure.Core.Inference.Tokenizers.Normalizers;

namespace FuncAiSecure.Core.Inference.Tokenizers.Reading;

/// <summary>Reads the normaliser of a tokenizer file.</summary>
internal static class NormalizerReader
{
    public static INormalizer? Read(JsonElement? part)
    {
        if (part is not { } json)
        {
            return null;
        }

        return json.Kind() switch
        {
            "BertNormalizer" => ReadBert(json),
            "Sequence" => new SequenceNormalizer([.. json.GetProperty("normalizers").EnumerateArray().Select(step => Read(step)!)]),
            "NFC" => new UnicodeFormNormalizer(compose: true, compatible: false),
            "NFD" => new UnicodeFormNormalizer(compose: false, compatible: false),
            "NFKC" => new UnicodeFormNormalizer(compose: true, compatible: true),
            "NFKD" => new UnicodeFormNormalizer(compose: false, compatible: true),
            "Lowercase" => new LowercaseNormalizer(),
            "StripAccents" => new AccentNormalizer(),
            "Strip" => new StripNormalizer(json.Flag("strip_left", true), json.Flag("strip_right", true)),
            "Prepend" => new PrependNormalizer(json.GetProperty("prepend").GetString()!),
            "Replace" => new ReplaceNormalizer(json.Pattern(), json.GetProperty("content").GetString()!),
            "Precompiled" => new PrecompiledNormalizer(ReadMap(json)),
            var kind => throw new TokenizerFormatException("normalizer", $"{kind} is not supported."),
        };
    }

    private static CharacterMap ReadMap(JsonElement json) =>
        json.Find("precompiled_charsmap") is { ValueKind: JsonValueKind.String } map && map.TryGetBytesFromBase64(out var bytes)
            ? CharacterMap.Read(bytes)
            : throw new TokenizerFormatException("normalizer", "precompiled_charsmap is not a text in base64.");

    private static BertNormalizer ReadBert(JsonElement json)
    {
        var lowercase = json.Flag("lowercase", true);
        return new BertNormalizer(
            json.Flag("clean_text", true), json.Flag("handle_chinese_chars", true), json.Flag("strip_accents", lowercase), lowercase);
    }
}
