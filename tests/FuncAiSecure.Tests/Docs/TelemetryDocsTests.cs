using System.Text.RegularExpressions;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Tests.Docs;

/// <summary>The instruments by their source, since a run of the app does not measure with each of them.</summary>
public sealed partial class TelemetryDocsTests
{
    [Fact]
    public void The_page_lists_every_instrument_and_no_other()
    {
        var made = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Instrument().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .ToArray();
        var metrics = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md")).Split("\n## ").Single(part => part.StartsWith("Metrics", StringComparison.Ordinal));

        made.Length.ShouldBeGreaterThan(10);
        Row().Matches(metrics).Select(match => match.Groups[1].Value).ShouldBe(made, ignoreOrder: true);
    }

    [GeneratedRegex(@"\.Create(?:Counter|UpDownCounter|Histogram|Gauge|Observable\w+)(?:<\w+>)?\(\s*""([a-z_.]+)""")]
    private static partial Regex Instrument();

    [GeneratedRegex("^\\| `([a-z_.]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
