using FuncAiSecure.Core;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Http;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Reserves one request of the principal's plan. Stands before any work that depends on the request's size; the schema stage
/// reserves the input's units when it has counted them, and the request's state gives back what was not used.
/// </summary>
internal sealed class QuotaMiddleware(QuotaService quotas) : Stage(Stages.Quota)
{
    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        if (!state.Endpoint.IsMetered)
        {
            return default;
        }

        var admission = quotas.AdmitAsync(state.Principal!, state.ModelName, state.Cancellation);
        return admission.IsCompletedSuccessfully ? new(Take(state, admission.Result)) : AwaitAsync(state, admission);
    }

    private static async ValueTask<Refusal?> AwaitAsync(RequestState state, ValueTask<QuotaAdmission> admission) =>
        Take(state, await admission.ConfigureAwait(false));

    private static Refusal? Take(RequestState state, QuotaAdmission admission)
    {
        state.Quota = admission.Lease;
        return admission.Refusal;
    }
}
