using System.Text;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Inference.Tokenizers;

namespace FuncAiSecure.Core.Tests.Inference.Tokenizers;

/// <summary>Parts of tokenizer files one by one, with the ids and offsets of the reference implementation.</summary>
public sealed class ReferencePartsTests
{
    private static readonly string[] Corpus =
    [
        .. MixedCorpus.Make(seed: 23, count: 800), "\U0001F600hello \U0001F468\u200D\U0001F469 \U0001F3F4\uFE0Fx",
        "\u24D0b \U0001F130c \u00B2d \u00BDe", "\u0915\u0940 \u0939\u093F\u0928\u094D\u0926\u0940",

        "^\u00B2\nHello ,   \u212B   ", "line\n\nline\r\n  end \n", "\U00010428\U00010400 1\U0001D7D8 \u017Fit'\u017F \u212A",
        "  a  b   ", "it's WE'LL 12345 \u0663\u0664", "\"[a](b)\" - a_b|c & d-e",
    ];

    private static readonly string[] AddedCorpus =
    [
        .. new[] { "a", "_", "-", "1", "e\u0301", "\u0301", "\u200D", "\u24D0", "\u00BD", "\U00010428", "\U0001F600" }
            .SelectMany(beside => new[] { beside + "letter", "letter" + beside, $"{beside} letter {beside}" }),
    ];

    public static TheoryData<string> Expressions =>
    [
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @" ?[^(\s|[.,!?…。，、।۔،])]+", @"\w+|[^\w\s]+", @"[\w-]+", @"\W",
        @"[^\r\n\p{L}\p{N}]?\p{L}+",
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+",
        ".{1,2}", @"^\w+", @"\s$", @"\p{^L}+", @"[\p{P}\p{S}]", @"\d", @"(?i)s|k", @"(?i:\p{Lu}+|\x61)", "(?i:[^a])+", "(ab|a)(b|c)?", "a+?",
        "[一-龥]|\\x{1F600}", @"[\x41-\x5A]\u0062?",
        @"a(?= )|[ \t]{2,}", "(a|ab)(c|bcd)?e??",
    ];

    [Theory]
    [MemberData(nameof(Expressions))]
    public Task An_expression_cuts_as_the_reference_does(string expression) =>
        EqualsReferenceAsync(Corpus, file => file["pre_tokenizer"] = new JsonObject
        {
            ["type"] = "Split",
            ["pattern"] = new JsonObject { ["Regex"] = expression },
            ["behavior"] = "Isolated",
            ["invert"] = false,
        });

    [Theory]
    [InlineData("""{"type":"Whitespace"}""")]
    [InlineData("""{"type":"Split","pattern":{"String":"a"},"behavior":"MergedWithNext","invert":false}""")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"\\s+"},"behavior":"MergedWithPrevious","invert":true}""")]
    public Task A_pre_tokenizer_cuts_as_the_reference_does(string part) =>
        EqualsReferenceAsync(Corpus, file => file["pre_tokenizer"] = JsonNode.Parse(part));

    [Theory]
    [InlineData("""{"type":"StripAccents"}""")]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"},{"type":"Lowercase"}]}""")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":" {2,}"},"content":"-"}""")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "}""")]
    [InlineData("""{"type":"Replace","pattern":{"String":"l"},"content":""}""")]
    public Task A_normalizer_rewrites_as_the_reference_does(string part) =>
        EqualsReferenceAsync(Corpus, file => file["normalizer"] = JsonNode.Parse(part));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_compiled_map_of_characters_rewrites_as_the_reference_does(bool squeezes)
    {
        string[] corpus = [.. Corpus, "\r\n", "a\r\nb", "e\u0301 e\u0302 \u304B\u3099", "\uFF21\uFF42\u3000\uFF11", "\u0007\u0007", "\u24D0\u0301", "\U00020000\u0301x"];
        var file = TokenizerFiles.Unigram(corpus, "NFC", byteFallback: true);
        var map = new JsonObject
        {
            ["type"] = "Precompiled", ["precompiled_charsmap"] = Convert.ToBase64String(CharacterMapFile.Compile(CharacterMapFile.Usual())),
        };
        file["normalizer"] = squeezes
            ? new JsonObject
            {
                ["type"] = "Sequence",
                ["normalizers"] = new JsonArray(map, JsonNode.Parse("""{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}""")),
            }
            : map;

        await EqualsReferenceAsync(file, corpus);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task An_added_token_that_is_a_word_stands_alone_as_the_reference_sees_it(bool normalized) =>
        EqualsReferenceAsync(AddedCorpus, file =>
        {
            file["pre_tokenizer"] = new JsonObject { ["type"] = "WhitespaceSplit" };
            file["added_tokens"]!.AsArray().Add(new JsonObject
            {
                ["id"] = file["model"]!["vocab"]!.AsObject().Count,
                ["content"] = "letter",
                ["single_word"] = true,
                ["lstrip"] = false,
                ["rstrip"] = false,
                ["normalized"] = normalized,
                ["special"] = false,
            });
        });

    [Fact]
    public Task Of_added_tokens_that_overlap_those_count_that_count_for_the_reference()
    {
        // A token that must stand alone and does not is passed over with all that is in it.
        var added = new JsonArray([.. new[] { "<", "<a", "<ab", "<abc>", "b" }.Select((content, index) => (JsonNode)new JsonObject
        {
            ["id"] = 4 + index, ["content"] = content, ["single_word"] = content == "<ab",
            ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = false,
        })]);
        var file = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = added,
            ["model"] = JsonNode.Parse("""{ "type": "BPE", "unk_token": null, "fuse_unk": false, "vocab": { "a": 0, "c": 1, ">": 2, "x": 3 }, "merges": [] }"""),
        };

        return EqualsReferenceAsync(file, ["<abc>", "<<ab", "<abx", "<ab<abx", "x<ab b", "<abcb", "<"]);
    }

    [Fact]
    public async Task Bytes_that_a_vocabulary_has_stand_for_text_although_others_are_missing()
    {
        var file = TokenizerFiles.Unigram(Corpus[..20], "NFC", byteFallback: true);
        var vocabulary = file["model"]!["vocab"]!.AsArray();
        foreach (var piece in vocabulary.Where(piece => piece![0]!.GetValue<string>() is "<0xF0>" or "<0x07>").ToList())
        {
            vocabulary.Remove(piece);
        }

        await EqualsReferenceAsync(file, Corpus);
    }

    private static async Task EqualsReferenceAsync(string[] corpus, Action<JsonObject> change)
    {
        var file = TokenizerFiles.WordPiece(corpus, lowercase: true);
        file["normalizer"] = null;
        change(file);
        await EqualsReferenceAsync(file, corpus);
    }

    private static async Task EqualsReferenceAsync(JsonObject file, string[] corpus)
    {
        var expected = await ReferenceTokenizer.EncodeAsync(file, corpus.Select(text => (string[])[text]));
        var tokenizer = TextTokenizer.Read(Encoding.UTF8.GetBytes(file.ToJsonString()), allowSpecialTokens: false);
        for (var i = 0; i < corpus.Length; i++)
        {
            tokenizer.Encode(corpus[i]).Ids.ShouldBe(expected[i].Ids, $"text {i}: {corpus[i]}");
        }
    }
}
