using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.IntegrationTests.Canary;

/// <summary>Keeps everything that is logged, at every level, with scopes, values and exceptions.</summary>
internal sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? _scopes;

    public ConcurrentQueue<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : state?.ToString();
            var scopes = new List<string?>();
            log._scopes?.ForEachScope((scope, list) => list.Add(scope as string ?? Describe(scope)), scopes);
            log.Lines.Enqueue($"{category} {eventId.Id} {formatter(state, exception)} {values} {string.Join(' ', scopes)} {exception}");
        }

        private static string? Describe(object? scope) =>
            scope is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : scope?.ToString();
    }
}
