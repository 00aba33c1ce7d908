using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.LocalHost.Discovery;

/// <summary>The definition of a discovered function, with the values that the official worker gives it.</summary>
internal sealed class LocalFunctionDefinition : FunctionDefinition
{
    /// <summary>Describes a method.</summary>
    public LocalFunctionDefinition(string name, MethodInfo method, string trigger, string triggerParameter)
    {
        Name = name;
        EntryPoint = $"{method.DeclaringType!.FullName}.{method.Name}";
        PathToAssembly = method.DeclaringType.Assembly.Location;
        Id = HashText(EntryPoint + name);
        Parameters = [.. method.GetParameters().Select(p =>
            new FunctionParameter(p.Name!, p.ParameterType, p.HasDefaultValue, p.HasDefaultValue ? p.DefaultValue : null))];
        InputBindings = One(new Binding(triggerParameter, trigger, BindingDirection.In));
        OutputBindings = trigger == "httpTrigger"
            ? One(new Binding("$return", "http", BindingDirection.Out))
            : ImmutableDictionary<string, BindingMetadata>.Empty;
    }

    /// <inheritdoc />
    public override ImmutableArray<FunctionParameter> Parameters { get; }

    /// <inheritdoc />
    public override string PathToAssembly { get; }

    /// <inheritdoc />
    public override string EntryPoint { get; }

    /// <inheritdoc />
    public override string Id { get; }

    /// <inheritdoc />
    public override string Name { get; }

    /// <inheritdoc />
    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    /// <inheritdoc />
    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

    private static ImmutableDictionary<string, BindingMetadata> One(Binding binding) =>
        ImmutableDictionary<string, BindingMetadata>.Empty.Add(binding.Name, binding);

    /// <summary>A stable number as text (FNV-1a), as the official ids are.</summary>
    private static string HashText(string text)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return hash.ToString(CultureInfo.InvariantCulture);
    }

    private sealed class Binding(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => direction;
    }
}
