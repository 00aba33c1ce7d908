using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.LocalHost.Invocation;

/// <summary>
/// The trace context that the host would send: the caller's trace continued with a span of the host's own, or a new
/// trace. Made when first read.
/// </summary>
internal sealed class LocalTraceContext(HttpContext? http) : TraceContext
{
    private string? _traceParent;

    /// <inheritdoc />
    public override string TraceParent => _traceParent ??= Create();

    /// <inheritdoc />
    public override string TraceState =>
        http is not null && IsContinued(out _) && http.Request.Headers.TraceState is [{ } state, ..] ? state : string.Empty;

    private string Create()
    {
        var parent = IsContinued(out var context) ? context : default;
        var trace = parent == default ? ActivityTraceId.CreateRandom() : parent.TraceId;
        var flags = (parent.TraceFlags & ActivityTraceFlags.Recorded) != 0 ? "01" : "00";
        return $"00-{trace.ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-{flags}";
    }

    private bool IsContinued(out ActivityContext context)
    {
        context = default;
        return http?.Request.Headers.TraceParent is [{ } text] && ActivityContext.TryParse(text, null, out context);
    }
}
