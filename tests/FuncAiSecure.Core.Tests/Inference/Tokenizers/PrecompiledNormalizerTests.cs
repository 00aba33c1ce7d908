using FuncAiSecure.Core.Inference.Tokenizers;
using FuncAiSecure.Core.Inference.Tokenizers.Normalizers;

namespace FuncAiSecure.Core.Tests.Inference.Tokenizers;

/// <summary>Maps of characters: where replacements come from, and that no map ends a process.</summary>
public sealed class PrecompiledNormalizerTests
{
    private static readonly byte[] Usual = CharacterMapFile.Compile(CharacterMapFile.Usual());

    [Fact]
    public void What_replaces_stands_for_all_that_it_replaced()
    {
        var text = new TokenText("\uFB01x\u0007 e\u0301", 10);

        new PrecompiledNormalizer(CharacterMap.Read(Usual)).Apply(text);

        text.Chars.ToString().ShouldBe("fix \u00E9");
        Enumerable.Range(0, text.Length).Select(i => (text.StartOf(i), text.EndOf(i))).ShouldBe([(10, 11), (10, 11), (11, 12), (13, 14), (14, 16)]);
    }

    [Fact]
    public void A_character_of_more_than_five_bytes_is_looked_up_by_its_code_points()
    {
        var map = CharacterMap.Read(CharacterMapFile.Compile(new Dictionary<string, string> { ["e\u0301\u0302"] = "1", ["a\u0301\u0302\u0303"] = "2", ["\u0303"] = "~" }));
        var text = new TokenText("e\u0301\u0302 a\u0301\u0302\u0303", 0);

        new PrecompiledNormalizer(map).Apply(text);

        text.Chars.ToString().ShouldBe("1 a\u0301\u0302~");
    }

    [Fact]
    public void A_broken_map_is_refused_or_finds_less_and_never_throws_at_a_text()
    {
        var random = new Random(5);
        var texts = MixedCorpus.Make(seed: 11, count: 40);
        var read = 0;
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = Usual.ToArray();
            for (var changes = random.Next(1, 40); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                var normalizer = new PrecompiledNormalizer(CharacterMap.Read(bytes));
                read++;
                normalizer.Apply(new TokenText(texts[round % texts.Length], 0));
            }
            catch (TokenizerFormatException)
            {
                // Said to whoever installs the model.
            }
        }

        read.ShouldBeInRange(200, 1_999);
    }
}
