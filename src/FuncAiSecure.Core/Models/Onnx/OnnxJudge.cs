using System.Collections.Frozen;

namespace FuncAiSecure.Core.Models.Onnx;

/// <summary>
/// Says whether a graph may be given to the runtime: only operators that the runtime itself brings (custom-operator libraries
/// are never loaded), none that reads files or runs other code, external data only from files that the manifest names.
/// </summary>
internal static class OnnxJudge
{
    private static readonly FrozenSet<string> Domains = new[] { "", "ai.onnx.ml", "com.microsoft" }.ToFrozenSet(StringComparer.Ordinal);

    // Where the runtime keeps operators of its own that it makes of others, and training's. It takes them before a function of their name.
    private static readonly string[] Reserved = ["ai.onnx.", "com.microsoft.", "com.ms."];

    // Operators of com.microsoft that load a compiled blob from a path or call into another interpreter.
    private static readonly FrozenSet<string> Forbidden =
        new[] { "EPContext", "PythonOp", "PythonOpGrad", "PyOp", "TritonOp", "ATen", "ExternalOp" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Judges a graph against its manifest.</summary>
    /// <param name="model">The bytes of <c>model.onnx</c>.</param>
    /// <param name="manifest">The manifest.</param>
    /// <returns>The summary; its faults are empty where the graph may be loaded.</returns>
    public static OnnxSummary Judge(ReadOnlySpan<byte> model, ModelManifest manifest)
    {
        OnnxSummary summary;
        try
        {
            summary = OnnxWalker.Walk(model);
        }
        catch (InvalidDataException e)
        {
            summary = new OnnxSummary();
            summary.Faults.Add(e.Message);
            return summary;
        }

        // A function of the model may stand for an operator that the runtime lacks, not hide one that it has.
        foreach (var (domain, type) in summary.Operators.Order())
        {
            if (Domains.Contains(domain) && Forbidden.Contains(type))
            {
                summary.Faults.Add($"uses the operator {Shown(type)}, which reads files or runs other code");
            }
            else if (!Domains.Contains(domain) && (!summary.Functions.Contains((domain, type)) || IsReserved(domain)))
            {
                summary.Faults.Add($"uses the operator {Shown(type)} of the domain {Shown(domain)}, which needs a custom-operator library");
            }
        }

        var files = manifest.Files.ToDictionary(file => file.Path, file => file.Size, StringComparer.Ordinal);
        foreach (var external in summary.External)
        {
            if (!files.TryGetValue(external.Location, out var size))
            {
                summary.Faults.Add($"takes external data from {Shown(external.Location)}, which the manifest does not name");
            }
            else if (external.Offset > size || (external.Length ?? 0) > size - external.Offset)
            {
                summary.Faults.Add($"takes external data past the end of {Shown(external.Location)}");
            }
        }

        Names(summary, summary.Inputs, manifest.Inputs, "input");
        Names(summary, summary.Outputs, manifest.Outputs, "output");
        return summary;
    }

    private static bool IsReserved(string domain) => Array.Exists(Reserved, prefix => domain.StartsWith(prefix, StringComparison.Ordinal));

    private static void Names(OnnxSummary summary, IEnumerable<string> graph, IEnumerable<TensorSpec> declared, string kind)
    {
        var names = declared.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var known = graph.ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Except(known).Order(StringComparer.Ordinal))
        {
            summary.Faults.Add($"has no {kind} {Shown(name)}, which the manifest declares");
        }

        // An output that the manifest leaves out is never computed for a caller; an input left out could not be fed.
        if (kind == "input")
        {
            foreach (var name in known.Except(names).Order(StringComparer.Ordinal))
            {
                summary.Faults.Add($"has the input {Shown(name)}, which the manifest does not declare");
            }
        }
    }

    // The file's own words reach a terminal: printable and short.
    private static string Shown(string text) =>
        $"'{new string([.. text.Take(80).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)])}'";
}
