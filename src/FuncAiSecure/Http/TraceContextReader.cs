using System.Diagnostics;

namespace FuncAiSecure.Http;

/// <summary>Reads W3C trace context. A malformed or all-zero header is as good as none.</summary>
internal static class TraceContextReader
{
    /// <summary>The trace id of a <c>traceparent</c> header; null where it is absent or not valid.</summary>
    public static ActivityTraceId? TraceIdOf(string? traceparent) =>
        ActivityContext.TryParse(traceparent, null, isRemote: true, out var context) ? context.TraceId : null;
}
