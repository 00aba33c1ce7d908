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
        var line = LinesOf(logs => Write(logs, Own, LogLevel.Warning, "first line\nsecond line", new EventId(6010, "StorageFailed"))).ShouldHaveSingleItem();

        line.ShouldStartWith("{");
        var json = JsonDocument.Parse(line).RootElement;
        json.GetProperty("EventId").GetInt32().ShouldBe(6010);
        json.GetProperty("LogLevel").GetString().ShouldBe("Warning");
        json.GetProperty("Message").GetString().ShouldBe("first line\nsecond line");
    }

    [Fact]
    public void Lines_of_others_and_details_are_left_to_the_host() =>
        LinesOf(logs =>
        {
            Write(logs, "Microsoft.Hosting.Lifetime", LogLevel.Error, "not ours");
            Write(logs, "Azure.Core", LogLevel.Critical, "not ours");
            Write(logs, Own, LogLevel.Debug, "a detail");
            Write(logs, Own, LogLevel.Information, "ours");
        }).ShouldHaveSingleItem().ShouldContain("ours");

    private static string[] LinesOf(Action<ILoggerFactory> write)
    {
        var marker = Guid.NewGuid().ToString("N");
        var (console, lines) = (Console.Out, new StringWriter());
        Console.SetOut(lines);
        try
        {
            using var services = new ServiceCollection().AddLogging(WorkerLog.AddLines).BuildServiceProvider();
            var logs = services.GetRequiredService<ILoggerFactory>();
            write(logs);
            Write(logs, Own, LogLevel.Warning, marker);
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

    private static void Write(ILoggerFactory logs, string category, LogLevel level, string text, EventId id = default) =>
        logs.CreateLogger(category).Log(level, id, text, null, (state, _) => state);
}
