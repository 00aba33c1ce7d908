using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Http;

/// <summary>Finds the state of a request in its invocation.</summary>
internal static class InvocationState
{
    /// <summary>The request's state; null in an invocation that is not HTTP (a timer).</summary>
    public static RequestState? FindRequest(this FunctionContext context) => context.Features.Get<RequestState>();

    /// <summary>The request's state, in a function that has an HTTP trigger.</summary>
    /// <exception cref="InvalidOperationException">The chain is not in place: never serve without it.</exception>
    public static RequestState Request(this FunctionContext context) =>
        context.FindRequest() ?? throw new InvalidOperationException("The request did not come through the chain.");
}
