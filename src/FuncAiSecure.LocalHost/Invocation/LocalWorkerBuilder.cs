using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.LocalHost.Invocation;

/// <summary>Collects stages as the official builder does: the first one added is the outermost.</summary>
internal sealed class LocalWorkerBuilder(IServiceCollection services) : IFunctionsWorkerApplicationBuilder
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _stages = [];

    /// <inheritdoc />
    public IServiceCollection Services => services;

    /// <inheritdoc />
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _stages.Add(middleware);
        return this;
    }

    /// <summary>All stages around the call of the function.</summary>
    public FunctionExecutionDelegate Build()
    {
        FunctionExecutionDelegate next = static context =>
        {
            var local = (LocalFunctionContext)context;
            return local.Function.Invoker.InvokeAsync(local);
        };
        for (var i = _stages.Count - 1; i >= 0; i--)
        {
            next = _stages[i](next);
        }

        return next;
    }
}
