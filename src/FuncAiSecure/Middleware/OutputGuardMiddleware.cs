using FuncAiSecure.Core;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Guards.Output;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;
using FuncAiSecure.Protocols;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Rounding, top-k, blocked labels, the information budget, personal data in texts and the output contract, before the function writes
/// the answer. An answer that breaks the contract is never sent.
/// </summary>
internal sealed partial class OutputGuardMiddleware(OutputGuard guard, ExtractionGuard extraction, ILogger<OutputGuardMiddleware> logger)
    : Stage(Stages.OutputGuard)
{
    /// <summary>The response header of answers that tell less because of what the caller has learned; by how much it does not say.</summary>
    internal const string ReducedHeader = "x-output-reduced";

    private static readonly Refusal Blocked = new(RefusalCode.OutputBlocked) { Detail = "A guard of this model refused the output." };

    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        if (state.Loaded is not { Manifest: var manifest })
        {
            return default;
        }

        var exact = OutputCharge.IsExact(state, manifest.Output);
        var policy = manifest.Output;
        if (policy.Extraction is not null && !exact)
        {
            var reduction = OutputCharge.Take(extraction, state, manifest);
            if (reduction.Refusal is { } refusal)
            {
                return new(refusal);
            }

            policy = reduction.Policy;
        }

        if (state.Protocol is ClassifyProtocol classify)
        {
            return new(Shape(state, classify, manifest, policy, exact));
        }

        if (!exact)
        {
            Round(state, manifest, policy);
        }

        return state.Protocol is { } protocol && manifest.Guards.OutputPii is not null ? new(Judge(state, protocol, manifest.Guards)) : default;
    }

    private Refusal? Judge(RequestState state, InferenceProtocol protocol, GuardPolicy policy) =>
        TextVerdicts.Carry(state, logger, protocol.OutputTexts, text => guard.Inspect(policy, text), protocol.ReplaceOutput, (_, _) => Blocked);

    private static void Round(RequestState state, ModelManifest manifest, OutputPolicy policy)
    {
        if (state.Protocol is TensorProtocol tensors)
        {
            foreach (var tensor in tensors.Outputs)
            {
                OutputRounding.Keep(tensor, manifest.Labels.Length, policy.TopK ?? int.MaxValue, policy.Decimals);
            }
        }

        if (policy.Decimals is not { } decimals)
        {
            return;
        }

        switch (state.Protocol)
        {
            case TensorProtocol rounded:
                foreach (var tensor in rounded.Outputs)
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

    private Refusal? Shape(RequestState state, ClassifyProtocol protocol, ModelManifest manifest, OutputPolicy policy, bool exact)
    {
        var shaped = new Classification[protocol.Results.Count];
        for (var i = 0; i < shaped.Length; i++)
        {
            if (ClassificationRules.Apply(manifest, policy, protocol.Results[i], exact) is not { } allowed)
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
