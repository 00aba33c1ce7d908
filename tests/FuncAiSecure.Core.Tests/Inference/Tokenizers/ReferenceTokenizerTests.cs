using System.Text;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Inference.Tokenizers;

namespace FuncAiSecure.Core.Tests.Inference.Tokenizers;

/// <summary>Ids, segments and offsets, equal to the reference implementation's on texts that mix everything.</summary>
public sealed class ReferenceTokenizerTests
{
    private static readonly string[] Corpus = MixedCorpus.Make(seed: 7, count: 6000);

    public static TheoryData<string> Kinds =>
    [
        "wordpiece uncased", "wordpiece cased", "wordpiece cased without accents", "bpe", "bpe with prefix space", "bpe ignoring merges",
        "unigram NFKC", "unigram NFC with bytes", "unigram NFD", "unigram NFKD",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Ids_equal_those_of_the_reference(string kind)
    {
        var file = FileOf(kind);
        var tokenizer = TextTokenizer.Read(Encoding.UTF8.GetBytes(file.ToJsonString()), allowSpecialTokens: false);
        string[][] texts = [.. Corpus.Select((text, i) => i % 10 == 0 ? (string[])[text, Corpus[^(i + 1)]] : [text])];

        var expected = await ReferenceTokenizer.EncodeAsync(file, texts);

        for (var i = 0; i < texts.Length; i++)
        {
            var actual = tokenizer.Encode(texts[i][0], texts[i].ElementAtOrDefault(1));
            actual.Ids.ShouldBe(expected[i].Ids, $"{kind}, text {i}: {Escape(texts[i][0])}");
            actual.TypeIds.ShouldBe(expected[i].TypeIds);
        }
    }

    [Fact]
    public async Task White_space_and_what_is_invisible_are_cleaned_as_the_reference_does()
    {
        int[] codes =
        [
            .. Enumerable.Range(0, 0x21), .. Enumerable.Range(0x7F, 0x22), 0xAD, 0x378, 0x61C, 0x1680, 0x180E, .. Enumerable.Range(0x2000, 0x10), 0x2028,
            0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xE000, 0xFEFF, 0xFFF9, 0xFFFD, 0x1D173, 0xE0001, 0x10FFFD,
        ];
        var file = TokenizerFiles.WordPiece(["a b ab"], lowercase: true);
        var tokenizer = TextTokenizer.Read(Encoding.UTF8.GetBytes(file.ToJsonString()), allowSpecialTokens: false);
        string[][] texts = [.. codes.Select(code => (string[])[$"a{char.ConvertFromUtf32(code)}b"])];

        var expected = await ReferenceTokenizer.EncodeAsync(file, texts);

        for (var i = 0; i < texts.Length; i++)
        {
            tokenizer.Encode(texts[i][0]).Ids.ShouldBe(expected[i].Ids, $"U+{codes[i]:X4}");
        }
    }

    [Theory]
    [InlineData("wordpiece uncased")]
    [InlineData("bpe")]
    [InlineData("unigram NFKC")]
    public async Task Offsets_equal_those_of_the_reference(string kind)
    {
        var file = FileOf(kind);
        var tokenizer = TextTokenizer.Read(Encoding.UTF8.GetBytes(file.ToJsonString()), allowSpecialTokens: false);
        string[][] texts = [["A plain text, in two parts: naïve Café."], ["I don't  know\twhy 12 apples"], ["Ärger über öde Straßen"], ["価格は100円です"]];

        var expected = await ReferenceTokenizer.EncodeAsync(file, texts);

        for (var i = 0; i < texts.Length; i++)
        {
            tokenizer.Encode(texts[i][0]).Offsets.ShouldBe(expected[i].Offsets, texts[i][0]);
        }
    }

    private static JsonObject FileOf(string kind) => kind switch
    {
        "wordpiece uncased" => TokenizerFiles.WordPiece(Corpus, lowercase: true),
        "wordpiece cased" => TokenizerFiles.WordPiece(Corpus, lowercase: false),
        "wordpiece cased without accents" => TokenizerFiles.WordPiece(Corpus, lowercase: false, stripAccents: true),
        "bpe" => TokenizerFiles.ByteLevelBpe(Corpus, addPrefixSpace: false, ignoreMerges: false),
        "bpe with prefix space" => TokenizerFiles.ByteLevelBpe(Corpus, addPrefixSpace: true, ignoreMerges: false),
        "bpe ignoring merges" => TokenizerFiles.ByteLevelBpe(Corpus, addPrefixSpace: false, ignoreMerges: true),
        "unigram NFKC" => TokenizerFiles.Unigram(Corpus, "NFKC", byteFallback: false),
        "unigram NFC with bytes" => TokenizerFiles.Unigram(Corpus, "NFC", byteFallback: true),
        "unigram NFD" => TokenizerFiles.Unigram(Corpus, "NFD", byteFallback: false),
        "unigram NFKD" => TokenizerFiles.Unigram(Corpus, "NFKD", byteFallback: false),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static string Escape(string text) => string.Concat(text.Select(unit => unit is >= ' ' and <= '~' ? unit.ToString() : $"\\u{(int)unit:X4}"));
}
