using FuncAiSecure.LocalHost.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.LocalHost.Invocation;

/// <summary>One invocation, for HTTP or a timer. What an invocation may never ask for is made when first asked for.</summary>
/// <remarks>
/// <c>GetInvocationResult</c> of the official package cannot work here: it reads a feature that only the official worker
/// can make. The result is kept beside it.
/// </remarks>
internal sealed class LocalFunctionContext : FunctionContext
{
    /// <summary>The key under which the official integration keeps the HTTP context.</summary>
    public const string HttpContextKey = "HttpRequestContext";

    private static readonly RetryContext NoRetry = new NeverRetried();

    private readonly LocalFunction _function;
    private readonly HttpContext? _http;
    private readonly CancellationToken _cancellation;
    private InvocationFeatures? _features;
    private TraceContext? _trace;
    private BindingContext? _binding;
    private IServiceProvider? _services;

    /// <summary>An invocation by a request.</summary>
    public LocalFunctionContext(LocalFunction function, string invocationId, HttpContext http)
    {
        _function = function;
        _http = http;
        InvocationId = invocationId;
        Items = new InvocationItems { { HttpContextKey, http } };
    }

    /// <summary>An invocation by a timer.</summary>
    public LocalFunctionContext(
        LocalFunction function, string invocationId, TimerInfo timer, IServiceProvider services, CancellationToken cancellation)
    {
        _function = function;
        _services = services;
        _cancellation = cancellation;
        InvocationId = invocationId;
        Timer = timer;
        Items = new InvocationItems();
    }

    /// <inheritdoc />
    public override string InvocationId { get; }

    /// <inheritdoc />
    public override string FunctionId => _function.Definition.Id;

    /// <inheritdoc />
    public override FunctionDefinition FunctionDefinition => _function.Definition;

    /// <inheritdoc />
    public override IDictionary<object, object> Items { get; set; }

    /// <inheritdoc />
    public override IInvocationFeatures Features => _features ??= new InvocationFeatures();

    /// <inheritdoc />
    public override TraceContext TraceContext => _trace ??= new LocalTraceContext(_http);

    /// <inheritdoc />
    public override BindingContext BindingContext => _binding ??= new LocalBindingContext(_http);

    /// <inheritdoc />
    public override RetryContext RetryContext => NoRetry;

    /// <inheritdoc />
    public override CancellationToken CancellationToken => _http?.RequestAborted ?? _cancellation;

    /// <inheritdoc />
    public override IServiceProvider InstanceServices
    {
        get => _services ?? _http!.RequestServices;
        set => _services = value;
    }

    /// <summary>The function.</summary>
    public LocalFunction Function => _function;

    /// <summary>The request; null for timers.</summary>
    public HttpContext? Http => _http;

    /// <summary>What a timer function is told; null for HTTP.</summary>
    public TimerInfo? Timer { get; }

    /// <summary>What the function returned, executed after all middleware has unwound.</summary>
    public object? Result { get; set; }

    private sealed class NeverRetried : RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }

    /// <summary>Route values only. The official host adds query and headers; nobody should read a credential from here.</summary>
    private sealed class LocalBindingContext(HttpContext? http) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } =
            http is null ? new Dictionary<string, object?>() : new Dictionary<string, object?>(http.Request.RouteValues, StringComparer.OrdinalIgnoreCase);
    }
}
