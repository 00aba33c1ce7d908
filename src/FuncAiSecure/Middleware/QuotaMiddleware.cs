using FuncAiSecure.Core;
using FuncAiSecure.Http;

namespace FuncAiSecure.Middleware;

/// <summary>Reserves one request of the principal's plan. Stands before any work that depends on the request's size.</summary>
internal sealed class QuotaMiddleware() : Stage(Stages.Quota)
{
    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state) =>
        new(state.Endpoint.IsMetered ? new Refusal(RefusalCode.DependencyUnavailable) : null);
}
