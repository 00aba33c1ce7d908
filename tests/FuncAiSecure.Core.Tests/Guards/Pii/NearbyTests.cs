using FuncAiSecure.Core.Guards.Pii.Scanners;

namespace FuncAiSecure.Core.Tests.Guards.Pii;

/// <summary>Words before a find, looked for all at once, are those that are found one by one.</summary>
public sealed class NearbyTests
{
    private static readonly string[] Words = ["tel", "phone", "d.o.b", "né le", "№", "#", "电话", "звон", "id", "text "];
    private static readonly string[] Pieces = [.. Words, "TEL", "Id", "ЗВОН", "hotel", "x", "é", " ", ".", "12", "-", "\uD83D", "号"];

    [Fact]
    public void Any_text_is_read_as_word_by_word()
    {
        var random = new Random(4);
        var any = Nearby.Words(Words);
        var found = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            var (at, reach) = (random.Next(text.Length + 1), random.Next(1, 20));
            var before = text[Math.Max(0, at - reach)..at];
            var expected = Words.Any(word => Places(before, word).Any(place => place == 0 || !char.IsLetterOrDigit(before[place - 1]) || !char.IsAscii(word[0])
                || (char.IsAsciiLetterUpper(before[place]) && char.IsAsciiLetterLower(before[place - 1]))));

            Nearby.Precedes(text, at, any, reach).ShouldBe(expected, $"{before}|{i}");
            found += expected ? 1 : 0;
        }

        found.ShouldBeInRange(2_000, 18_000);
    }

    private static IEnumerable<int> Places(string text, string word) =>
        Enumerable.Range(0, text.Length).Where(at => text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase));
}
