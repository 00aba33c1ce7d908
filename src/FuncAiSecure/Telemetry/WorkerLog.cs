using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace FuncAiSecure.Telemetry;

/// <summary>
/// The app's log as the Functions host passes it on. By its own channel the host drops what a worker logs outside an invocation, which is
/// where the audit trail, the catalog and the watch over behaviour work, and of the rest the event's id. A line on standard output it
/// takes whole, whoever wrote it.
/// </summary>
internal static class WorkerLog
{
    /// <summary>Writes each of our events at Information or above as one line of JSON: <c>EventId</c>, <c>LogLevel</c>, <c>Category</c>, <c>Message</c>, <c>State</c>.</summary>
    public static void AddLines(ILoggingBuilder logging)
    {
        logging.AddJsonConsole();
        // A host that does not read must not hold up requests.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        logging.AddFilter<ConsoleLoggerProvider>(null, LogLevel.None);
        logging.AddFilter<ConsoleLoggerProvider>(nameof(FuncAiSecure), LogLevel.Information);
    }
}
