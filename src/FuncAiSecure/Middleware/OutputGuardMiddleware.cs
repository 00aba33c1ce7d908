using FuncAiSecure.Core;
using FuncAiSecure.Core.Guards.Output;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;
using FuncAiSecure.Protocols;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Rounding, top-k, blocked labels and the output contract, before the function writes the answer. An answer that breaks the
/// contract is never sent.
/// </summary>
internal sealed partial class OutputGuardMiddleware(ILogger<OutputGuardMiddleware> logger) : Stage(Stages.OutputGuard)
{
    private static readonly Refusal Blocked = new(RefusalCode.OutputBlocked) { Detail = "A guard of this model refused the output." };

    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        if (state.Loaded is not { } model)
        {
            return default;
        }

        if (state.Protocol is ClassifyProtocol classify)
        {
            return new(Shape(state, classify, model.Manifest));
        }

        Round(state, model.Manifest.Output);
        return default;
    }

    private static void Round(RequestState state, OutputPolicy policy)
    {
        if (policy.Decimals is not { } decimals || IsExact(state, policy))
        {
            return;
        }

        switch (state.Protocol)
        {
            case TensorProtocol tensors:
                foreach (var tensor in tensors.Outputs)
                {
                    OutputRounding.Apply(tensor, decimals);
                }

                break;
            case EmbeddingsProtocol embeddings:
                foreach (var vector in embeddings.Results)
                {
                    OutputRounding.Apply(vector, decimals);
                }

                break;
            case RerankProtocol rerank:
                rerank.Results = [.. rerank.Results.Select(text => text with { Score = (float)Math.Round((double)text.Score, decimals) })];
                break;
        }
    }

    // Most models name no such role, and then nobody's roles need spelling out.
    private static bool IsExact(RequestState state, OutputPolicy policy) =>
        !policy.ExactFor.IsEmpty && OutputRules.IsExactFor(policy, [.. RoleNames.Format(state.Principal!.Roles)]);

    private Refusal? Shape(RequestState state, ClassifyProtocol protocol, ModelManifest manifest)
    {
        var exact = IsExact(state, manifest.Output);
        var shaped = new Classification[protocol.Results.Count];
        for (var i = 0; i < shaped.Length; i++)
        {
            if (ClassificationRules.Apply(manifest, protocol.Results[i], exact) is not { } allowed)
            {
                Log.Blocked(logger, state.RequestId, manifest.Name, manifest.Version);
                return Blocked;
            }

            shaped[i] = allowed;
        }

        protocol.Results = shaped;
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(5020, LogLevel.Warning, "Request {RequestId}: the output of {Model} version {Version} was held back")]
        public static partial void Blocked(ILogger logger, string requestId, string model, int version);
    }
}
