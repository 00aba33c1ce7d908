using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Http;

/// <summary>
/// Keeps the state of a request in its invocation. Every stage asks for it: the features, with their generic interface methods, cost
/// several times a look into the items.
/// </summary>
internal static class InvocationState
{
    private static readonly object Key = new();

    /// <summary>The request's state; null in an invocation that is not HTTP (a timer).</summary>
    public static RequestState? FindRequest(this FunctionContext context) =>
        context.Items.TryGetValue(Key, out var state) ? (RequestState)state : null;

    /// <summary>Gives the invocation its request's state.</summary>
    public static void Hold(this FunctionContext context, RequestState state) => context.Items[Key] = state;

    /// <summary>The request's state, in a function that has an HTTP trigger.</summary>
    /// <exception cref="InvalidOperationException">The chain is not in place: never serve without it.</exception>
    public static RequestState Request(this FunctionContext context) =>
        context.FindRequest() ?? throw new InvalidOperationException("The request did not come through the chain.");
}
