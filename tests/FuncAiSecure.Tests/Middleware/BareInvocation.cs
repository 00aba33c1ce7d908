using System.Collections;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Tests.Middleware;

/// <summary>An invocation that has features and nothing else: what a stage that asks for more must not get unnoticed.</summary>
internal sealed class BareInvocation(CancellationToken stopped = default) : FunctionContext
{
    public override string InvocationId => "invocation";

    public override string FunctionId => throw new NotSupportedException();

    public override TraceContext TraceContext => throw new NotSupportedException();

    public override BindingContext BindingContext => throw new NotSupportedException();

    public override RetryContext RetryContext => throw new NotSupportedException();

    public override IServiceProvider InstanceServices { get; set; } = null!;

    public override FunctionDefinition FunctionDefinition => throw new NotSupportedException();

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new FeatureTable();

    public override CancellationToken CancellationToken => stopped;

    private sealed class FeatureTable : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> _features = [];

        public void Set<T>(T instance) => _features[typeof(T)] = instance!;

        public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
