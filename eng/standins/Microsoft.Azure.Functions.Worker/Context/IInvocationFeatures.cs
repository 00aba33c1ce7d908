namespace Microsoft.Azure.Functions.Worker;

/// <summary>State of an invocation by type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    /// <summary>Stores an instance under its type.</summary>
    void Set<T>(T instance);

    /// <summary>The instance of a type, or the type's default.</summary>
    T? Get<T>();
}
