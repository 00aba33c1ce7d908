using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Middleware;

/// <summary>The model manifest's own input contract: types, shapes, lengths, counts. Counts the input's units for the plan.</summary>
internal sealed class SchemaMiddleware(IOptions<TransportOptions> options) : Stage(Stages.Schema)
{
    private readonly TransportOptions _options = options.Value;

    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state) => new(state.Protocol?.Bind(state, _options));
}
