namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a method as a function.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute : Attribute
{
    /// <summary>Names the function.</summary>
    public FunctionAttribute(string name) => Name = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>The function's name, unique in the app.</summary>
    public string Name { get; }
}
