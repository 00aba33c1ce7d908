using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Scheduling;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference;

/// <summary>Runs requests on loaded models. What cannot be served is a <see cref="Refusal"/>; a token that is cancelled is an exception.</summary>
public static partial class InferenceEngine
{
    /// <summary>
    /// Runs a tensor request that <see cref="RequestContract"/> has passed. The request's tensors are read until the call ends.
    /// </summary>
    /// <param name="model">The loaded model.</param>
    /// <param name="request">The request.</param>
    /// <param name="principal">Who asks: callers take turns where they have to wait.</param>
    /// <param name="cancellation">Caller gone, host stopping or deadline passed: a waiting request leaves, a running one ends within some 20 ms.</param>
    /// <returns>The outputs, checked against the manifest; or <see cref="RefusalCode.Overloaded"/>, <see cref="RefusalCode.InputInvalid"/>, <see cref="RefusalCode.OutputBlocked"/>.</returns>
    public static async ValueTask<InferenceOutcome> InferAsync(OnnxModel model, InferRequest request, PrincipalId principal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        var work = new RunWork(InOrder(model.Manifest, request), Bits(model, request), principal, cancellation)
        {
            HasTokens = HasTokens(model.Manifest),
        };
        return await RunAsync(model, work, request).ConfigureAwait(false);
    }

    private static async ValueTask<InferenceOutcome> RunAsync(OnnxModel model, RunWork work, InferRequest? request)
    {
        var kept = false;
        try
        {
            var refusal = await model.Queue.RunAsync(work).ConfigureAwait(false) ?? CheckOutputs(model.Manifest, work.Results);
            if (refusal is not null)
            {
                return new InferenceOutcome(refusal);
            }

            kept = true;
            return new InferenceOutcome(AsAsked(work.Results, request), work.Queued, work.Computed);
        }
        finally
        {
            if (!kept)
            {
                work.DisposeResults();
            }
        }
    }

    private static Tensor[] InOrder(ModelManifest manifest, InferRequest request)
    {
        var ordered = new Tensor[manifest.Inputs.Length];
        for (var index = 0; index < ordered.Length; index++)
        {
            foreach (var tensor in request.Inputs)
            {
                if (tensor.Name == manifest.Inputs[index].Name)
                {
                    ordered[index] = tensor;
                }
            }
        }

        return ordered;
    }

    private static ulong Bits(OnnxModel model, InferRequest request)
    {
        var bits = 0UL;
        foreach (var asked in request.Outputs)
        {
            for (var index = 0; index < model.Manifest.Outputs.Length; index++)
            {
                bits |= model.Manifest.Outputs[index].Name == asked.Name ? 1UL << index : 0;
            }
        }

        return bits == 0 ? model.AllOutputs : bits;
    }

    // Dimension 1 is a length where requests may choose it and elements are ids.
    private static bool HasTokens(ModelManifest manifest) =>
        manifest.Inputs[0] is { Shape: [_, -1, ..], Datatype: Datatype.Int64 or Datatype.Int32 };

    private static Refusal? CheckOutputs(ModelManifest manifest, List<Tensor> outputs)
    {
        foreach (var output in outputs)
        {
            if (OutputContract.Check(output, RequestContract.Find(manifest.Outputs, output.Name)!) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static List<Tensor> AsAsked(List<Tensor> outputs, InferRequest? request)
    {
        if (request is { Outputs.Count: > 1 })
        {
            outputs.Sort((left, right) => Position(left) - Position(right));
        }

        return outputs;

        int Position(Tensor tensor)
        {
            var index = 0;
            while (index < request.Outputs.Count && request.Outputs[index].Name != tensor.Name)
            {
                index++;
            }

            return index;
        }
    }
}
