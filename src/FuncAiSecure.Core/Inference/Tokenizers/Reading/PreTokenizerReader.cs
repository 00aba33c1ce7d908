using System.Text;
using System.Text.Json;
using FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;

namespace FuncAiSecure.Core.Inference.Tokenizers.Reading;

/// <summary>Reads the pre-tokeniser of a tokenizer file.</summary>
internal static class PreTokenizerReader
{
    private const string Part = "pre_tokenizer";

    public static IPreTokenizer? Read(JsonElement? part)
    {
        if (part is not { } json)
        {
            return null;
        }

        return json.Kind() switch
        {
            "BertPreTokenizer" => new SequencePreTokenizer(
            [
                new CharClassPreTokenizer(Rune.IsWhiteSpace, SplitBehavior.Removed),
                new CharClassPreTokenizer(CharClasses.IsPunctuation, SplitBehavior.Isolated),
            ]),
            "ByteLevel" => new ByteLevelPreTokenizer(json.Flag("add_prefix_space", true), json.Flag("use_regex", true)),
            "Metaspace" => ReadMetaspace(json),
            "Sequence" => new SequencePreTokenizer([.. json.GetProperty("pretokenizers").EnumerateArray().Select(step => Read(step)!)]),
            "Whitespace" => new WhitespacePreTokenizer(),
            "WhitespaceSplit" => new CharClassPreTokenizer(Rune.IsWhiteSpace, SplitBehavior.Removed),
            "Punctuation" => new CharClassPreTokenizer(CharClasses.IsPunctuation, Behavior(json.Text("behavior") ?? "Isolated")),
            "Digits" => new CharClassPreTokenizer(
                CharClasses.IsNumeric, json.Flag("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
            "Split" => new PatternPreTokenizer(json.Pattern(), Behavior(json.GetProperty("behavior").GetString()!), json.Flag("invert", false)),
            var kind => throw new TokenizerFormatException(Part, $"{kind} is not supported."),
        };
    }

    private static MetaspacePreTokenizer ReadMetaspace(JsonElement json)
    {
        var scheme = json.Text("prepend_scheme") switch
        {
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            "always" => PrependScheme.Always,
            null => json.Flag("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never,
            var other => throw new TokenizerFormatException(Part, $"prepend_scheme {other} is not supported."),
        };
        return new MetaspacePreTokenizer((json.Text("replacement") ?? "\u2581")[0], scheme, json.Flag("split", true));
    }

    private static SplitBehavior Behavior(string name) => Enum.TryParse<SplitBehavior>(name, out var behavior)
        ? behavior
        : throw new TokenizerFormatException(Part, $"the behaviour {name} is not supported.");
}
