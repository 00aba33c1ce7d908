using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FuncAiSecure.LocalHost.Timers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace FuncAiSecure.LocalHost.Discovery;

/// <summary>Finds the functions of assemblies and refuses what the Functions host would refuse, or could not run.</summary>
internal static partial class FunctionDiscovery
{
    /// <summary>Every enabled function, by name ignoring case.</summary>
    /// <param name="classes">Where to look: public methods of public classes.</param>
    /// <param name="settings">App settings: <c>%Setting%</c> of schedules and <c>AzureWebJobs.NAME.Disabled</c>.</param>
    /// <exception cref="LocalHostException">A name is invalid or taken, or a method cannot be a function.</exception>
    public static IReadOnlyList<LocalFunction> Find(IEnumerable<Type> classes, IConfiguration settings)
    {
        var functions = new SortedDictionary<string, LocalFunction>(StringComparer.OrdinalIgnoreCase);
        var methods = classes.Distinct().SelectMany(t => t.GetMethods(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly));
        foreach (var method in methods)
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { Name: var name })
            {
                continue;
            }

            Check(name, method);
            if (!functions.TryAdd(name, Create(name, method, settings)))
            {
                throw new LocalHostException($"Two functions are named \"{name}\" (names ignore case).");
            }
        }

        return [.. functions.Values.Where(f => !IsDisabled(f.Name, settings))];
    }

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,127}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ValidName { get; }

    private static void Check(string name, MethodInfo method)
    {
        if (!ValidName.IsMatch(name) || name.Equals("host", StringComparison.OrdinalIgnoreCase))
        {
            throw new LocalHostException($"\"{name}\" is not a name for a function: a letter, then letters, digits, - and _, at most 128.");
        }

        if (!method.IsPublic || method.DeclaringType is not { IsVisible: true, ContainsGenericParameters: false } || method.IsGenericMethod)
        {
            throw new LocalHostException($"Function \"{name}\" must be a public method, not generic, of a public class.");
        }

        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            throw new LocalHostException($"Function \"{name}\" is async void: nobody could wait for it.");
        }
    }

    private static LocalFunction Create(string name, MethodInfo method, IConfiguration settings)
    {
        var triggers = method.GetParameters()
            .SelectMany(p => p.GetCustomAttributesData().Select(data => (Parameter: p, Data: data)))
            .Where(t => t.Data.AttributeType == typeof(HttpTriggerAttribute) || t.Data.AttributeType == typeof(TimerTriggerAttribute))
            .ToArray();
        if (triggers is not [var (parameter, data)])
        {
            throw new LocalHostException($"Function \"{name}\" must have exactly one trigger, on HTTP or a timer.");
        }

        return data.AttributeType == typeof(HttpTriggerAttribute)
            ? CreateHttp(name, method, parameter, data)
            : CreateTimer(name, method, parameter, settings);
    }

    private static HttpFunction CreateHttp(string name, MethodInfo method, ParameterInfo parameter, CustomAttributeData data)
    {
        var trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()!;
        var isNamed = data.ConstructorArguments.Any(a => a.ArgumentType == typeof(AuthorizationLevel));
        if (!isNamed || trigger.AuthLevel != AuthorizationLevel.Anonymous)
        {
            // A level that is not named is Function for the host. There are no platform keys here to check.
            throw new LocalHostException($"Function \"{name}\" must name AuthorizationLevel.Anonymous: this host has no function keys.");
        }

        var definition = new LocalFunctionDefinition(name, method, "httpTrigger", parameter.Name!);
        return new HttpFunction(name, method, definition, trigger.Route, [.. trigger.Methods ?? []]);
    }

    private static TimerFunction CreateTimer(string name, MethodInfo method, ParameterInfo parameter, IConfiguration settings)
    {
        var trigger = parameter.GetCustomAttribute<TimerTriggerAttribute>()!;
        if (!NcrontabSchedule.TryParse(Resolve(name, trigger.Schedule, settings), out var schedule))
        {
            throw new LocalHostException($"Function \"{name}\": the schedule is not an NCRONTAB expression of five or six fields.");
        }

        var definition = new LocalFunctionDefinition(name, method, "timerTrigger", parameter.Name!);
        return new TimerFunction(name, method, definition, schedule, trigger.RunOnStartup, trigger.UseMonitor);
    }

    private static string Resolve(string name, string schedule, IConfiguration settings)
    {
        if (schedule is not ['%', .. var setting, '%'])
        {
            return schedule;
        }

        return settings[setting.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } value
            ? value
            : throw new LocalHostException($"Function \"{name}\": the schedule's setting \"{setting}\" does not exist.");
    }

    private static bool IsDisabled(string name, IConfiguration settings) =>
        IsTrue(settings[$"AzureWebJobs.{name}.Disabled"]) || IsTrue(settings[$"AzureWebJobs:{name}:Disabled"]);

    private static bool IsTrue(string? value) => value is "1" || (bool.TryParse(value, out var flag) && flag);
}
