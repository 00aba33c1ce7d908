using System.Text;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Inference.Tokenizers;
using FuncAiSecure.Core.Models;
using FsCheck;
using FsCheck.Fluent;

namespace FuncAiSecure.Core.Tests.Inference.Tokenizers;

public sealed class TextTokenizerTests
{
    private static readonly string[] Corpus = [.. MixedCorpus.Make(seed: 7, count: 300), "<s> </s> [CLS] [SEP]", "abcdefghijklmnopqrstuvwxyz[]<>/"];

    public static TheoryData<string> Kinds => ["WordPiece", "BPE", "Unigram"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Text_that_spells_a_special_token_stays_plain_text(string kind)
    {
        var (file, special) = FileOf(kind);
        var tokenizer = Read(file);

        var tokens = tokenizer.Encode($"a {string.Join(' ', special)} {string.Concat(special)} b");

        var written = tokens.Ids.Where((_, i) => tokens.Sequences[i] >= 0);
        written.ShouldNotContain(id => id < special.Length && id != UnknownIdOf(kind));
    }

    [Theory]
    [InlineData(false, "a\u00B6b", new[] { 3, 1, 4 })]
    [InlineData(true, "a\u00B6b", new[] { 3, 6, 7, 4 })]
    [InlineData(false, "\u00B6\u00B6", new[] { 5 })]
    public void Text_that_spells_a_special_token_of_one_character_stays_plain_text(bool byteFallback, string text, int[] ids)
    {
        var added = """{ "id": 0, "content": "\u00B6", "special": true }, { "id": 1, "content": "<unk>", "special": true }""";
        var model = $$"""
            "type": "BPE", "unk_token": "<unk>", "byte_fallback": {{(byteFallback ? "true" : "false")}}, "merges": ["\u00B6 \u00B6"],
            "vocab": { "\u00B6": 0, "<unk>": 1, "!": 2, "a": 3, "b": 4, "\u00B6\u00B6": 5, "<0xC2>": 6, "<0xB6>": 7 }
            """;
        var tokenizer = TextTokenizer.Read(Encoding.UTF8.GetBytes($$"""{ "added_tokens": [{{added}}], "model": { {{model}} } }"""), allowSpecialTokens: false);

        tokenizer.Encode(text).Ids.ShouldBe(ids);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Text_that_spells_a_special_token_becomes_it_where_the_manifest_says_so(string kind)
    {
        var (file, special) = FileOf(kind);
        var tokenizer = TextTokenizer.Read(Bytes(file), allowSpecialTokens: true);

        var tokens = tokenizer.Encode($"a {special[2]} b");

        tokens.Ids.Where((_, i) => tokens.Sequences[i] >= 0).ShouldContain(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_text_is_encoded_and_every_offset_points_into_it(string kind)
    {
        var tokenizer = Read(FileOf(kind).File);
        var texts = ArbMap.Default.GeneratorFor<char[]>().Select(units => new string(units));

        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var tokens = tokenizer.Encode(text);
            return tokens.Offsets.All(offset => offset.Start >= 0 && offset.Start <= offset.End && offset.End <= text.Length)
                && tokens.Ids.All(id => id >= 0 && id < tokenizer.VocabularySize);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("a lone high surrogate", "a\uD800b")]
    [InlineData("a lone low surrogate", "a\uDC00")]
    [InlineData("surrogates the wrong way round", "\uDC00\uD800")]
    public void A_lone_surrogate_is_a_replacement_character(string what, string text)
    {
        var tokenizer = Read(FileOf("BPE").File);
        var replaced = string.Concat(text.Select(unit => char.IsSurrogate(unit) ? '\uFFFD' : unit));

        tokenizer.Encode(text).Ids.ShouldBe(tokenizer.Encode(replaced).Ids, what);
    }

    [Theory]
    [InlineData(8, Truncation.Right)]
    [InlineData(8, Truncation.Left)]
    [InlineData(3, Truncation.Right)]
    [InlineData(2, Truncation.Right)]
    public void A_cut_keeps_special_tokens_and_says_so(int maxTokens, Truncation side)
    {
        var tokenizer = Read(FileOf("WordPiece").File);
        var whole = tokenizer.Encode("a b c d e f g h i j");

        var cut = tokenizer.Encode("a b c d e f g h i j", maxTokens: maxTokens, side: side);

        whole.IsCut.ShouldBeFalse();
        cut.IsCut.ShouldBeTrue();
        cut.TotalCount.ShouldBe(12);
        cut.Count.ShouldBe(maxTokens);
        cut.Ids[0].ShouldBe(2);
        cut.Ids[^1].ShouldBe(3);
        cut.Ids[1..^1].ShouldBe(side is Truncation.Right ? whole.Ids[1..(maxTokens - 1)] : whole.Ids[(13 - maxTokens)..^1]);
    }

    [Theory]
    [InlineData(9, 3, 3)]
    [InlineData(8, 3, 2)]
    [InlineData(20, 6, 3)]
    public void Of_a_pair_the_longer_text_is_cut_first(int maxTokens, int first, int second)
    {
        var tokens = Read(FileOf("WordPiece").File).Encode("a b c d e f", "g h i", maxTokens);

        tokens.Sequences.Count(sequence => sequence == 0).ShouldBe(first);
        tokens.Sequences.Count(sequence => sequence == 1).ShouldBe(second);
    }

    [Theory]
    [InlineData("a normaliser that is not known", "normalizer", """{"type":"Mystery"}""")]
    [InlineData("a map that is cut short", "normalizer", """{"type":"Precompiled","precompiled_charsmap":"AAAA"}""")]
    [InlineData("a map without units", "normalizer", """{"type":"Precompiled","precompiled_charsmap":"AAAAAAA="}""")]
    [InlineData("a map of half a unit", "normalizer", """{"type":"Precompiled","precompiled_charsmap":"AgAAAAAAAA=="}""")]
    [InlineData("a map longer than the file", "normalizer", """{"type":"Precompiled","precompiled_charsmap":"CAAAAAAAAAA="}""")]
    [InlineData("a map without replacements", "normalizer", """{"type":"Precompiled","precompiled_charsmap":"BAAAAAAAAAA="}""")]
    [InlineData("a replacement that is not UTF-8", "normalizer", """{"type":"Precompiled","precompiled_charsmap":"BAAAAAAAAAD/AA=="}""")]
    [InlineData("a map that is no base64", "normalizer", """{"type":"Precompiled","precompiled_charsmap":"?"}""")]
    [InlineData("no map", "normalizer", """{"type":"Precompiled","precompiled_charsmap":null}""")]
    [InlineData("a pre-tokeniser that is not known", "pre_tokenizer", """{"type":"Mystery"}""")]
    [InlineData("a behaviour that is not known", "pre_tokenizer", """{"type":"Punctuation","behavior":"Eaten"}""")]
    [InlineData("a post-processor that is not known", "post_processor", """{"type":"Mystery"}""")]
    [InlineData("a model that is not known", "model", """{"type":"WordLevel","vocab":{"a":0}}""")]
    [InlineData("an empty vocabulary", "model", """{"type":"WordPiece","vocab":{}}""")]
    [InlineData("a missing unknown token", "model", """{"type":"WordPiece","unk_token":"[UNK]","vocab":{"a":0}}""")]
    [InlineData("a merge of tokens that are missing", "model", """{"type":"BPE","vocab":{"a":0},"merges":["a b"]}""")]
    [InlineData("a merge of one token", "model", """{"type":"BPE","vocab":{"a":0},"merges":["ab"]}""")]
    [InlineData("dropout", "model", """{"type":"BPE","dropout":0.1,"vocab":{"a":0},"merges":[]}""")]
    [InlineData("an unknown id out of range", "model", """{"type":"Unigram","unk_id":9,"vocab":[["a",-1]]}""")]
    [InlineData("a negative unknown id", "model", """{"type":"Unigram","unk_id":-1,"vocab":[["a",-1]]}""")]
    [InlineData("a piece without a score", "model", """{"type":"Unigram","vocab":[["a"]]}""")]
    [InlineData("a merge that is shorter than the prefix", "model", """{"type":"BPE","continuing_subword_prefix":"##","vocab":{"a":0,"b":1},"merges":["a b"]}""")]
    [InlineData("a metaspace that is nothing", "pre_tokenizer", """{"type":"Metaspace","replacement":"","prepend_scheme":"first"}""")]
    public void A_part_that_would_change_ids_is_refused(string what, string part, string json)
    {
        var file = FileOf("WordPiece").File;
        file[part] = JsonNode.Parse(json);

        Should.Throw<TokenizerFormatException>(() => Read(file), what);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("a**")]
    [InlineData("a++")]
    [InlineData("*a")]
    [InlineData("a{3,2}")]
    [InlineData("a{2000}")]
    [InlineData("(a{900}){900}")]
    [InlineData("a|")]
    [InlineData("(?=a)")]
    [InlineData("(?=ab)c")]
    [InlineData("(?<=a)b")]
    [InlineData("(?<name>a)")]
    [InlineData("(?m)a.b")]
    [InlineData("(a)\\1")]
    [InlineData("\\bword")]
    [InlineData("\\ha")]
    [InlineData("\\p{Han}")]
    [InlineData("[a&&b]")]
    [InlineData("[[:alpha:]]")]
    [InlineData("[b-a]")]
    [InlineData("\\x{110000}")]
    [InlineData("a\\")]
    public void An_expression_that_could_be_read_as_something_else_is_refused(string expression)
    {
        var file = FileOf("WordPiece").File;
        file["pre_tokenizer"] = new JsonObject
        {
            ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = expression }, ["behavior"] = "Isolated", ["invert"] = false,
        };

        Should.Throw<TokenizerFormatException>(() => Read(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"model":{"type":"WordPiece"},"model":{}}""")]
    public void A_file_that_is_none_is_refused(string json) =>
        Should.Throw<TokenizerFormatException>(() => TextTokenizer.Read(Encoding.UTF8.GetBytes(json), allowSpecialTokens: false));

    private static (JsonObject File, string[] Special) FileOf(string kind) => kind switch
    {
        "WordPiece" => (TokenizerFiles.WordPiece(Corpus, lowercase: true), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]),
        "BPE" => (TokenizerFiles.ByteLevelBpe(Corpus, addPrefixSpace: false, ignoreMerges: true), ["<s>", "<pad>", "</s>", "<unk>"]),
        _ => (TokenizerFiles.Unigram(Corpus, "NFKC", byteFallback: false), ["<unk>", "<s>", "</s>"]),
    };

    private static int UnknownIdOf(string kind) => kind switch
    {
        "WordPiece" => 1,
        "BPE" => 3,
        _ => 0,
    };

    private static TextTokenizer Read(JsonObject file) => TextTokenizer.Read(Bytes(file), allowSpecialTokens: false);

    private static byte[] Bytes(JsonObject file) => Encoding.UTF8.GetBytes(file.ToJsonString());
}
