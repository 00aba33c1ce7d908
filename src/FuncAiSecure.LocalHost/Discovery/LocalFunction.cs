using System.Collections.Immutable;
using System.Reflection;
using FuncAiSecure.LocalHost.Invocation;
using FuncAiSecure.LocalHost.Timers;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.LocalHost.Discovery;

/// <summary>A function: its name, its definition as middleware sees it, and how it runs.</summary>
internal abstract class LocalFunction(string name, MethodInfo method, LocalFunctionDefinition definition)
{
    /// <summary>The name of the function attribute.</summary>
    public string Name { get; } = name;

    /// <summary>The method.</summary>
    public MethodInfo Method { get; } = method;

    /// <summary>What middleware sees.</summary>
    public LocalFunctionDefinition Definition { get; } = definition;

    /// <summary>Creates the class, binds the parameters and calls the method.</summary>
    public FunctionInvoker Invoker { get; } = FunctionInvoker.For(name, method);
}

/// <summary>A function with an HTTP trigger.</summary>
internal sealed class HttpFunction(
    string name, MethodInfo method, LocalFunctionDefinition definition, string? route, ImmutableArray<string> methods)
    : LocalFunction(name, method, definition)
{
    /// <summary>The trigger's template without prefix; null means the function's name.</summary>
    public string? Route { get; } = route;

    /// <summary>The endpoint that the request carries, as the worker's routing would set it.</summary>
    public Endpoint Endpoint { get; } = new(null, EndpointMetadataCollection.Empty, name);

    /// <summary>Whether the trigger takes an HTTP method; one without methods takes all.</summary>
    public bool Accepts(string method)
    {
        foreach (var accepted in methods)
        {
            if (HttpMethods.Equals(accepted, method))
            {
                return true;
            }
        }

        return methods.IsEmpty;
    }
}

/// <summary>A function with a timer trigger.</summary>
internal sealed class TimerFunction(
    string name, MethodInfo method, LocalFunctionDefinition definition, NcrontabSchedule schedule, bool runOnStartup, bool useMonitor)
    : LocalFunction(name, method, definition)
{
    /// <summary>When it runs.</summary>
    public NcrontabSchedule Schedule { get; } = schedule;

    /// <summary>Whether it also runs when the host starts.</summary>
    public bool RunOnStartup { get; } = runOnStartup;

    /// <summary>Whether the function is told its last and next run.</summary>
    public bool UseMonitor { get; } = useMonitor;
}
