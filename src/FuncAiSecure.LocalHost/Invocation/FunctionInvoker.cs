using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.LocalHost.Invocation;

/// <summary>Calls a function's method: creates its class from the invocation's services, binds parameters, awaits the result.</summary>
internal sealed class FunctionInvoker
{
    private readonly MethodInvoker _method;
    private readonly ObjectFactory? _factory;
    private readonly Func<LocalFunctionContext, object?>[] _binders;
    private readonly Func<Task, object?>? _taskResult;

    private FunctionInvoker(
        MethodInvoker method, ObjectFactory? factory, Func<LocalFunctionContext, object?>[] binders, Func<Task, object?>? taskResult)
    {
        _method = method;
        _factory = factory;
        _binders = binders;
        _taskResult = taskResult;
    }

    /// <summary>Prepares a method.</summary>
    /// <exception cref="LocalHostException">A parameter cannot be bound, or the method returns a ValueTask.</exception>
    public static FunctionInvoker For(string name, MethodInfo method)
    {
        if (method.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal))
        {
            throw new LocalHostException($"Function \"{name}\" must return Task, not ValueTask.");
        }

        return new FunctionInvoker(
            MethodInvoker.Create(method),
            method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes),
            [.. method.GetParameters().Select(p => ParameterBinder.For(name, p))],
            TaskResult(method.ReturnType));
    }

    /// <summary>Runs the function and keeps what it returned in the context; exceptions of the function come out as they are.</summary>
    public Task InvokeAsync(LocalFunctionContext context)
    {
        var instance = _factory?.Invoke(context.InstanceServices, null);
        var returned = Call(instance, context);
        if (returned is not Task task)
        {
            context.Result = returned;
            return Task.CompletedTask;
        }

        if (_taskResult is null)
        {
            return task;
        }

        if (task.IsCompletedSuccessfully)
        {
            context.Result = _taskResult(task);
            return Task.CompletedTask;
        }

        return AwaitAsync(task, context);
    }

    private async Task AwaitAsync(Task task, LocalFunctionContext context)
    {
        await task;
        context.Result = _taskResult!(task);
    }

    private object? Call(object? instance, LocalFunctionContext context)
    {
        try
        {
            switch (_binders)
            {
                case []:
                    return _method.Invoke(instance);
                case [var a]:
                    return _method.Invoke(instance, a(context));
                case [var a, var b]:
                    return _method.Invoke(instance, a(context), b(context));
                case [var a, var b, var c]:
                    return _method.Invoke(instance, a(context), b(context), c(context));
                default:
                    return _method.Invoke(instance, Array.ConvertAll(_binders, bind => bind(context)).AsSpan());
            }
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    private static Func<Task, object?>? TaskResult(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == typeof(Task<>))
            {
                var method = typeof(FunctionInvoker).GetMethod(nameof(ResultOf), BindingFlags.NonPublic | BindingFlags.Static)!;
                return method.MakeGenericMethod(current.GetGenericArguments()).CreateDelegate<Func<Task, object?>>();
            }
        }

        return null;
    }

    private static object? ResultOf<T>(Task task) => ((Task<T>)task).Result;
}
