using FuncAiSecure.Core;
using FuncAiSecure.Http;

namespace FuncAiSecure.Middleware;

/// <summary>Rounding, top-k, blocked labels and the output contract, before the function writes the answer.</summary>
internal sealed class OutputGuardMiddleware() : Stage(Stages.OutputGuard)
{
    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state) => default;
}
