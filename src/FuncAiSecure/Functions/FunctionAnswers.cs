using FuncAiSecure.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Functions;

/// <summary>What the thin functions share.</summary>
internal static class FunctionAnswers
{
    /// <summary>Writes the answer of an inference that the chain has run.</summary>
    public static Task WriteInference(this FunctionContext context)
    {
        var state = context.Request();
        state.Protocol!.Write(state);
        return Task.CompletedTask;
    }
}
