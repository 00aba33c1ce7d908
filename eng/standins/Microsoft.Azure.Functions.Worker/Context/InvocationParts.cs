using System.Collections.Immutable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Trigger metadata of an invocation.</summary>
public abstract class BindingContext
{
    /// <summary>Values by name. For HTTP triggers also query and headers: never log them.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}

/// <summary>W3C trace context of an invocation.</summary>
public abstract class TraceContext
{
    /// <summary>The <c>traceparent</c>.</summary>
    public abstract string TraceParent { get; }

    /// <summary>The <c>tracestate</c>.</summary>
    public abstract string TraceState { get; }

    /// <summary>Attributes of the host.</summary>
    public virtual IReadOnlyDictionary<string, string> Attributes => ImmutableDictionary<string, string>.Empty;

    /// <summary>The baggage.</summary>
    public virtual IReadOnlyDictionary<string, string> Baggage => ImmutableDictionary<string, string>.Empty;
}

/// <summary>Repetitions of an invocation.</summary>
public abstract class RetryContext
{
    /// <summary>Repetitions so far.</summary>
    public abstract int RetryCount { get; }

    /// <summary>The most repetitions.</summary>
    public abstract int MaxRetryCount { get; }
}
