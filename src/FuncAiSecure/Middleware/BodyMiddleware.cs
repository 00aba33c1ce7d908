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
    private readonly TransportOptions _options = options.Value;

    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state) =>
        state.Endpoint.BodyOf(state.Http.Request.Method) is BodyKind.None or BodyKind.Any ? default : ReadAsync(state);

    private async ValueTask<Refusal?> ReadAsync(RequestState state)
    {
        var refusal = await BodyReader.ReadAsync(state.Http.Request, state.Body, _options.MaxBodyBytes, state.Cancellation).ConfigureAwait(false);
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
}
