using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Tests.Guards.Normalization;

/// <summary>A run that was refused is counted on for the next letter as if it were read anew.</summary>
public sealed class SpacedRunTests
{
    [Theory]
    [InlineData("ab1 ", 40)]
    [InlineData("a12  ", 30)]
    [InlineData("a1 -'", 30)]
    [InlineData("a1111          -", 700)]
    public void Every_start_has_the_length_that_reading_it_anew_has(string alphabet, int longest)
    {
        var random = new Random(7);
        var found = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var text = Enumerable.Range(0, random.Next(longest)).Select(at => at % 2 == 0 || random.Next(12) == 0 ? alphabet[random.Next(alphabet.Length)] : ' ').ToArray();
            SpacedRun run = default;
            for (var at = 0; at < text.Length; at++)
            {
                if (WordRepair.IsSingle(text[at]) && (at == 0 || !WordRepair.IsSingle(text[at - 1])))
                {
                    SpacedRun anew = default;
                    var expected = anew.LengthAt(text, at, out var least);

                    run.LengthAt(text, at, out var mine).ShouldBe(expected, new string(text));
                    mine.ShouldBe(least);
                    found += expected > 0 ? 1 : 0;
                }
            }
        }

        found.ShouldBeGreaterThan(1_000);
    }
}
