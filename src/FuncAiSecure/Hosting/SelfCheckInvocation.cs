using System.Collections;
using System.Collections.Immutable;
using System.Net;
using FuncAiSecure.Core;
using FuncAiSecure.Functions;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Hosting;

/// <summary>An invocation without a host around it: the self-check's way through the stages.</summary>
internal sealed class SelfCheckInvocation : FunctionContext
{
    private readonly CancellationToken _cancellation;

    public SelfCheckInvocation(SelfCheckProbe probe, IServiceProvider services, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        InstanceServices = services;
        var http = new DefaultHttpContext { RequestServices = services };
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.Request.Scheme = "https";
        http.Request.Method = HttpMethods.Post;
        http.Request.ContentType = "application/json";
        http.Request.RouteValues["model"] = SelfCheckProbe.UnknownModel;
        http.Request.Body = new MemoryStream("{}"u8.ToArray());
        http.Response.Body = Stream.Null;
        probe.Shape(http.Request);
        Items = new Dictionary<object, object> { ["HttpRequestContext"] = http };
    }

    /// <summary>Why the request was refused; null if it was answered.</summary>
    public RefusalCode? Outcome => this.FindRequest()?.Refusal?.Code;

    /// <inheritdoc />
    public override string InvocationId { get; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc />
    public override string FunctionId => "self-check";

    /// <inheritdoc />
    public override TraceContext TraceContext { get; } = new NoTrace();

    /// <inheritdoc />
    public override BindingContext BindingContext { get; } = new NoBindings();

    /// <inheritdoc />
    public override RetryContext RetryContext { get; } = new NoRetry();

    /// <inheritdoc />
    public override IServiceProvider InstanceServices { get; set; }

    /// <inheritdoc />
    public override FunctionDefinition FunctionDefinition { get; } = new InferDefinition();

    /// <inheritdoc />
    public override IDictionary<object, object> Items { get; set; }

    /// <inheritdoc />
    public override IInvocationFeatures Features { get; } = new FeatureTable();

    /// <inheritdoc />
    public override CancellationToken CancellationToken => _cancellation;

    private sealed class NoTrace : TraceContext
    {
        public override string TraceParent => "";

        public override string TraceState => "";
    }

    private sealed class NoBindings : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = ImmutableDictionary<string, object?>.Empty;
    }

    private sealed class NoRetry : RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }

    private sealed class InferDefinition : FunctionDefinition
    {
        public override ImmutableArray<FunctionParameter> Parameters => [];

        public override string PathToAssembly => "";

        public override string EntryPoint => "";

        public override string Id => "self-check";

        public override string Name => nameof(InferFunctions.ModelInfer);

        public override IImmutableDictionary<string, BindingMetadata> InputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;

        public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;
    }

    private sealed class FeatureTable : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> _features = [];

        public void Set<T>(T instance) => _features[typeof(T)] = instance!;

        public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
