using System.Text;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Tests;

/// <summary>A log as the text of its lines, each with its event's id before it.</summary>
internal sealed class LogText<T> : ILogger<T>
{
    private readonly StringBuilder _lines = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Append(eventId.Id).Append(' ').AppendLine(formatter(state, exception));

    public override string ToString() => _lines.ToString();
}
