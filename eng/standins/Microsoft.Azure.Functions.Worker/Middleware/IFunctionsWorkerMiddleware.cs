namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>The rest of an invocation.</summary>
public delegate Task FunctionExecutionDelegate(FunctionContext context);

/// <summary>A stage around every invocation.</summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>Runs the stage.</summary>
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
