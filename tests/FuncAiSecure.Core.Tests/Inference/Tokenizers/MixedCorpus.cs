using System.Text;

namespace FuncAiSecure.Core.Tests.Inference.Tokenizers;

/// <summary>Texts that mix scripts, marks, symbols, white space of all kinds and odd but valid characters; equal for equal seeds.</summary>
internal static class MixedCorpus
{
    private static readonly (int First, int Last)[] Ranges =
    [
        (0x20, 0x7E), (0x61, 0x7A), (0x61, 0x7A), (0x41, 0x5A), (0x30, 0x39), (0xA0, 0xFF), (0x100, 0x17F), (0x300, 0x36F), (0x391, 0x3C9),
        (0x410, 0x44F), (0x5D0, 0x5EA), (0x621, 0x64A), (0x64B, 0x652), (0x905, 0x939), (0x93E, 0x94D), (0xE01, 0xE2E), (0xE31, 0xE3A),
        (0x1100, 0x1112), (0x1161, 0x1175), (0x11A8, 0x11C2), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20B5),
        (0x2100, 0x214F), (0x2190, 0x21FF), (0x2460, 0x24FF), (0x3041, 0x3096), (0x30A1, 0x30FA), (0x4E00, 0x4FFF), (0xAC00, 0xACFF),
        (0xF900, 0xFA2D), (0xFB00, 0xFB06), (0xFF01, 0xFF5E), (0x1F600, 0x1F64F), (0x1D400, 0x1D454), (0x20000, 0x20100),
    ];

    private static readonly string[] Odd =
    [
        " ", "  ", "\t", "\n", "\r\n", "\u00A0", "\u2003", "\u3000", "\u200B", "\u200D", "\u00AD", "\uFEFF", "\u0000", "\u0007", "\uFFFD",
        "\u0130", "\u03C3\u03C2", "e\u0301", "\u1E9E", "\u0345", "'s", "'ll", "don't", "...", "\u2581", "\uE000", "\U0001F468\u200D\U0001F469",
        "a\u0323\u0307", "a\u0307\u0323", "\u2126", "\u212B", "\uFB01",
    ];

    public static string[] Make(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => MakeText(random))];
    }

    private static string MakeText(Random random)
    {
        var text = new StringBuilder();
        var words = random.Next(0, 9);
        for (var word = 0; word < words; word++)
        {
            var (first, last) = Ranges[random.Next(Ranges.Length)];
            var letters = random.Next(1, 8);
            for (var i = 0; i < letters; i++)
            {
                text.Append(new Rune(random.Next(first, last + 1)));
            }

            text.Append(random.Next(3) == 0 ? Odd[random.Next(Odd.Length)] : " ");
        }

        return text.ToString();
    }
}
