using System.Collections.Immutable;
using FuncAiSecure.Core.Models;
using Microsoft.ML.OnnxRuntime;

namespace FuncAiSecure.Core.Inference.Sessions;

/// <summary>Whether a graph's inputs and outputs are the manifest's: names, element types and fixed dimensions.</summary>
internal static class GraphCheck
{
    /// <summary>Throws where they are not.</summary>
    /// <exception cref="ModelLoadException">With the name at fault, for operators.</exception>
    public static void Require(InferenceSession session, ModelManifest manifest)
    {
        if (manifest.Outputs.Length > 64 || manifest.Inputs.Length > 64)
        {
            throw new ModelLoadException("A model has 64 inputs and 64 outputs at most.");
        }

        Require("input", session.InputMetadata, manifest.Inputs);
        Require("output", session.OutputMetadata, manifest.Outputs);
        if (session.InputMetadata.Keys.FirstOrDefault(name => manifest.Inputs.All(input => input.Name != name)) is { } missing)
        {
            throw new ModelLoadException($"The graph needs the input '{missing}', which the manifest does not name.");
        }
    }

    private static void Require(string kind, IReadOnlyDictionary<string, NodeMetadata> graph, ImmutableArray<TensorSpec> specs)
    {
        foreach (var spec in specs)
        {
            if (!graph.TryGetValue(spec.Name, out var node) || !node.IsTensor)
            {
                throw new ModelLoadException($"The graph has no {kind} tensor '{spec.Name}'.");
            }

            if (!ElementTypes.TryGetDatatype(node.ElementDataType, out var datatype) || datatype != spec.Datatype)
            {
                throw new ModelLoadException($"The {kind} '{spec.Name}' is not of the manifest's datatype.");
            }

            if (!Agree(node.Dimensions, spec.Shape))
            {
                throw new ModelLoadException($"The {kind} '{spec.Name}' does not have the manifest's shape.");
            }
        }
    }

    // What the graph leaves open the manifest may fix; what the graph fixes the manifest must say. A graph may know nothing of an output's shape.
    private static bool Agree(int[] graph, ImmutableArray<long> manifest) =>
        graph.Length == 0
        || (graph.Length == manifest.Length && graph.Zip(manifest).All(pair => pair.First < 0 || pair.First == pair.Second));
}
