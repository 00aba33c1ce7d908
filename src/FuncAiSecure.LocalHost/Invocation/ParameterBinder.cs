using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.LocalHost.Invocation;

/// <summary>Binds a parameter by its type, or by its name to a route value, as the official worker does.</summary>
internal static class ParameterBinder
{
    /// <summary>How to get a parameter's value from an invocation.</summary>
    /// <exception cref="LocalHostException">The type is one that the worker cannot bind.</exception>
    public static Func<LocalFunctionContext, object?> For(string function, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(HttpRequest))
        {
            return context => context.Http?.Request;
        }

        if (type == typeof(FunctionContext))
        {
            return context => context;
        }

        if (type == typeof(CancellationToken))
        {
            return context => context.CancellationToken;
        }

        if (type == typeof(TimerInfo))
        {
            return context => context.Timer;
        }

        return ForRouteValue(function, parameter);
    }

    private static Func<LocalFunctionContext, object?> ForRouteValue(string function, ParameterInfo parameter)
    {
        var name = parameter.Name!;
        var target = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var isNullable = !target.IsValueType || target != parameter.ParameterType;
        var converter = target == typeof(string) ? null : TypeDescriptor.GetConverter(target);
        if (converter?.CanConvertFrom(typeof(string)) == false)
        {
            throw new LocalHostException($"Function \"{function}\": the parameter \"{name}\" has a type that cannot be bound.");
        }

        var fallback = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        return context =>
        {
            if (context.Http?.Request.RouteValues[name] is { } value)
            {
                var text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
                return converter is null ? text : converter.ConvertFromInvariantString(text);
            }

            return fallback is not null || isNullable
                ? fallback
                : throw new InvalidOperationException($"The parameter \"{name}\" has no value.");
        };
    }
}
