using FuncAiSecure.Core;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Middleware;

/// <summary>The model manifest's own input contract: types, shapes, lengths, counts. Counts the input's units for the plan.</summary>
internal sealed class SchemaMiddleware(IOptions<TransportOptions> options) : Stage(Stages.Schema)
{
    private readonly TransportOptions _options = options.Value;

    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        if (state.Protocol is null)
        {
            return default;
        }

        var acquiring = state.Model!.GetModelAsync(state.Cancellation);
        return acquiring.IsCompletedSuccessfully ? BindAndReserve(state, acquiring.Result) : AwaitAsync(state, acquiring);
    }

    private async ValueTask<Refusal?> AwaitAsync(RequestState state, ValueTask<ModelAcquisition> acquiring) =>
        await BindAndReserve(state, await acquiring.ConfigureAwait(false)).ConfigureAwait(false);

    private ValueTask<Refusal?> BindAndReserve(RequestState state, ModelAcquisition acquired) =>
        Bind(state, acquired) is { } refusal ? new(refusal) : state.Quota.ReserveInputUnitsAsync(state.InputUnits, state.Cancellation);

    private Refusal? Bind(RequestState state, ModelAcquisition acquired)
    {
        if (acquired.Refusal is not null)
        {
            return acquired.Refusal;
        }

        state.Loaded = (OnnxModel)acquired.Model!;
        if (state.Loaded.Manifest.Limits.DeadlineMs is { } milliseconds)
        {
            state.LimitTime(TimeSpan.FromMilliseconds(milliseconds));
        }

        if (state.Body.Length > state.Loaded.Manifest.Limits.MaxBodyBytes)
        {
            return RequestHeaders.BodyTooLarge(state.Loaded.Manifest.Limits.MaxBodyBytes.Value);
        }

        // The protocol may have shortened the time. Whoever waits no longer is not worth a run, and pays for none.
        return state.Protocol!.Bind(state, _options) ?? (state.IsPastDeadline ? new Refusal(RefusalCode.DeadlineExceeded) : null);
    }
}
