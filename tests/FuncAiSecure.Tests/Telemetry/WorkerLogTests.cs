using System.Text.Json;
using FuncAiSecure.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Tests.Telemetry;

public sealed class WorkerLogTests
{
    private const string Own = "FuncAiSecure.Core.Audit.AuditShipper";

    [Fact]
    public void Each_event_is_one_line_of_JSON_with_its_id_as_queries_read_it()
    {
        var line = LinesOf(log => log(Own).Log(LogLevel.Warning, new EventId(6010, "StorageFailed"), "first line\nsecond line {Cause}", "Gone")).ShouldHaveSingleItem();

        line.ShouldStartWith("{");
        var json = JsonDocument.Parse(line).RootElement;
        json.GetProperty("EventId").GetInt32().ShouldBe(6010);
        json.GetProperty("LogLevel").GetString().ShouldBe("Warning");
        json.GetProperty("Message").GetString().ShouldBe("first line\nsecond line Gone");
    }

    [Fact]
    public void Lines_of_others_and_details_are_left_to_the_host() =>
        LinesOf(log =>
        {
            log("Microsoft.Hosting.Lifetime").LogError("not ours");
            log("Azure.Core").LogCritical("not ours");
            log(Own).LogDebug("a detail");
            log(Own).LogInformation("ours");
        }).ShouldHaveSingleItem().ShouldContain("ours");

    private static string[] LinesOf(Action<Func<string, ILogger>> write)
    {
        var marker = Guid.NewGuid().ToString("N");
        var (console, lines) = (Console.Out, new StringWriter());
        Console.SetOut(lines);
        try
        {
            using var services = new ServiceCollection().AddLogging(WorkerLog.AddLines).BuildServiceProvider();
            var logs = services.GetRequiredService<ILoggerFactory>();
            write(category => logs.CreateLogger(category));
            logs.CreateLogger(Own).LogWarning(marker);
        }
        finally
        {
            Console.SetOut(console);
        }

        // Other tests may have written meanwhile: the marker's line says what a line of ours looks like, and that all were written.
        var written = lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Contains("\"EventId\"", StringComparison.Ordinal)).ToArray();
        written.ShouldContain(line => line.Contains(marker));
        return [.. written.Where(line => !line.Contains(marker))];
    }
}
