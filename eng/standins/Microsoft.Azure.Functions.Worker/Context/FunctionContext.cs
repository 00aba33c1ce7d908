namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>Unique to the invocation.</summary>
    public abstract string InvocationId { get; }

    /// <summary>The function's id.</summary>
    public abstract string FunctionId { get; }

    /// <summary>W3C trace context.</summary>
    public abstract TraceContext TraceContext { get; }

    /// <summary>Trigger metadata.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>Repetitions so far.</summary>
    public abstract RetryContext RetryContext { get; }

    /// <summary>The invocation's scoped services.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>The function.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>A bag for the middleware.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Typed features.</summary>
    public abstract IInvocationFeatures Features { get; }

    /// <summary>Cancelled when the host gives the invocation up.</summary>
    public virtual CancellationToken CancellationToken { get; } = CancellationToken.None;
}
