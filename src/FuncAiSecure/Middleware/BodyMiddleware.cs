using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Reads the body, for known callers only and never past the limit, and lets the protocol read the envelope: on routes
/// that name the model in the body, access cannot be decided before. Text that is not UTF-8 stops here.
/// </summary>
internal sealed class BodyMiddleware(IOptions<TransportOptions> options) : Stage(Stages.Body)
{
    private static readonly Refusal TooManyOpen = new(RefusalCode.ConcurrencyExceeded)
    {
        Detail = "Too many request bodies of this credential are on their way.",
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    private readonly TransportOptions _options = options.Value;
    private readonly OpenBodies _open = new(options.Value.MaxOpenBodies);

    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state) =>
        state.Endpoint.BodyOf(state.Http.Request.Method) is BodyKind.None or BodyKind.Any ? default : ReadAsync(state);

    private async ValueTask<Refusal?> ReadAsync(RequestState state)
    {
        var reading = BodyReader.ReadAsync(state.Http.Request, state.Body, _options.MaxBodyBytes, state.Cancellation);
        var refusal = reading.IsCompletedSuccessfully ? reading.Result : await AwaitAsync(state, reading).ConfigureAwait(false);
        if (refusal is not null)
        {
            return refusal;
        }

        // A binary tensor body is text only in its head, which the protocol checks.
        if (!RequestHeaders.IsBinary(state.Http.Request))
        {
            refusal = BodyReader.CheckText(state.Body.Span);
        }

        return refusal ?? state.Protocol?.ReadEnvelope(state, _options);
    }

    private async ValueTask<Refusal?> AwaitAsync(RequestState state, ValueTask<Refusal?> reading)
    {
        var principal = state.Principal!.Id;
        if (!_open.TryEnter(principal))
        {
            state.Http.Request.BodyReader.CancelPendingRead();
            try
            {
                await reading.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The read that was told to stop.
            }

            return TooManyOpen;
        }

        try
        {
            return await reading.ConfigureAwait(false);
        }
        finally
        {
            _open.Leave(principal);
        }
    }
}
