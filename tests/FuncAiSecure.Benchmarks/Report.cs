using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FuncAiSecure.Benchmarks;

/// <summary>A Markdown report that says on which machine and on which day it was made.</summary>
internal sealed class Report(string title)
{
    private const string Prose = "\n## Reading it\n";

    private readonly StringBuilder _body = new();

    /// <summary>A paragraph.</summary>
    public void Say(string text) => _body.Append(text).Append("\n\n");

    /// <summary>A table; numbers are written as they stand.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        Row(header);
        Row([.. header.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in rows)
        {
            Row(row);
        }

        _body.Append('\n');
    }

    /// <summary>The whole document.</summary>
    public string ToMarkdown() =>
        string.Create(CultureInfo.InvariantCulture, $"# {title}\n\n{Machine()}\n\n{_body.ToString().TrimEnd()}\n");

    /// <summary>Writes the document to a file. What people wrote there from <see cref="Prose"/> on stays: it has to be read again, not written again.</summary>
    public async Task SaveAsync(string path, CancellationToken cancellation)
    {
        var before = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellation) : "";
        var prose = before.IndexOf(Prose, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, ToMarkdown() + (prose < 0 ? "" : before[prose..]), cancellation);
    }

    /// <summary>A number with three significant digits.</summary>
    public static string Number(double value) => value switch
    {
        0 => "0",
        >= 100 or <= -100 => value.ToString("N0", CultureInfo.InvariantCulture),
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };

    /// <summary>A whole number, all of its digits.</summary>
    public static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A share as per cent with one decimal.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Machine()
    {
        var processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        var day = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"{day}, {Environment.ProcessorCount} cores, {processor ?? RuntimeInformation.ProcessArchitecture.ToString()}, "
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}. "
            + "The machine is shared: read the ratios, which are taken inside interleaved rounds.";
    }

    private void Row(IReadOnlyList<string> cells) => _body.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
