using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FuncAiSecure.Middleware;

/// <summary>
/// A stage that lets a request pass or refuses it. It notes the pass in the request's state, because inference runs only
/// for a request that has passed every stage before it. Timers carry no request and pass.
/// </summary>
internal abstract class Stage(Stages bit) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc />
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var state = context.FindRequest();
        if (state is null)
        {
            return next(context);
        }

        var check = CheckAsync(state);
        return check.IsCompletedSuccessfully
            ? ProceedAsync(check.Result, state, context, next)
            : AwaitAsync(check, state, context, next);
    }

    /// <summary>Decides; null lets the request pass.</summary>
    protected abstract ValueTask<Refusal?> CheckAsync(RequestState state);

    private async Task AwaitAsync(ValueTask<Refusal?> check, RequestState state, FunctionContext context, FunctionExecutionDelegate next)
    {
        var refusal = await check.ConfigureAwait(false);

        // Whoever ended the wait may have others waiting behind us: the rest of this request, a model's run at worst, must not
        // keep them on that thread. A body's bytes have nobody behind us.
        if (bit is not Stages.Body)
        {
            await Task.Yield();
        }

        await ProceedAsync(refusal, state, context, next).ConfigureAwait(false);
    }

    private Task ProceedAsync(Refusal? refusal, RequestState state, FunctionContext context, FunctionExecutionDelegate next)
    {
        state.Timing.Lap(bit, state.Time.GetTimestamp());
        if (refusal is not null)
        {
            state.Refuse(refusal);
            return Task.CompletedTask;
        }

        state.Passed |= bit;
        return next(context);
    }
}
