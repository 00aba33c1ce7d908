using FuncAiSecure.Core.Guards.Pii;

namespace FuncAiSecure.Core.Models.Manifests;

/// <summary>What one member of a manifest says about another: rules that a schema cannot state.</summary>
internal static class ManifestRules
{
    /// <summary>Every fault, with its pointer.</summary>
    public static IEnumerable<(string Pointer, string Message)> Check(ModelManifest manifest) =>
    [
        .. Files(manifest),
        .. Tensors(manifest.Inputs, "/inputs"),
        .. Tensors(manifest.Outputs, "/outputs"),
        .. Limits(manifest),
        .. Task(manifest),
        .. Labels(manifest),
        .. Guards(manifest),
        .. ExtractionRules.Check(manifest),
        .. Session(manifest.Session),
    ];

    private static IEnumerable<(string, string)> Files(ModelManifest manifest)
    {
        // Two names that differ in case only would be one file on some systems.
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { ModelManifest.FileName, ModelManifest.SignatureFileName };
        foreach (var (file, index) in manifest.Files.Select((file, index) => (file, index)))
        {
            if (!seen.Add(file.Path))
            {
                yield return ($"/files/{index}/path", "repeats an earlier file, or names the manifest or its signature");
            }
        }

        foreach (var name in new[] { ModelManifest.ModelFileName, ModelManifest.GoldenFileName }.Where(name => !Has(manifest, name)))
        {
            yield return ("/files", $"must name {name}");
        }

        if (manifest.Tokenizer is { } tokenizer && !Has(manifest, tokenizer.File))
        {
            yield return ("/tokenizer/file", "is not one of the files");
        }
    }

    private static IEnumerable<(string, string)> Tensors(IEnumerable<TensorSpec> tensors, string at)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (tensor, index) in tensors.Select((tensor, index) => (tensor, index)))
        {
            if (!seen.Add(tensor.Name))
            {
                yield return ($"{at}/{index}/name", "repeats an earlier name");
            }

            if (tensor.Shape.Contains(0))
            {
                yield return ($"{at}/{index}/shape", "must not hold 0");
            }
        }
    }

    private static IEnumerable<(string, string)> Limits(ModelManifest manifest)
    {
        foreach (var (tensor, index) in manifest.Inputs.Select((tensor, index) => (tensor, index)).Where(pair => pair.tensor.Limits is not null))
        {
            var limits = tensor.Limits!;
            var at = $"/inputs/{index}/limits";
            var text = tensor.Datatype == Datatype.Bytes;
            if (text && (limits.Minimum ?? limits.Maximum) is not null)
            {
                yield return (at, "has minimum or maximum, which are for numbers");
            }

            if (text && !limits.AllowedNumbers.IsEmpty)
            {
                yield return ($"{at}/allowedNumbers", "is for numbers");
            }

            if (!text && limits.MaxLength is not null)
            {
                yield return ($"{at}/maxLength", "is for BYTES");
            }

            if (!text && !limits.AllowedValues.IsEmpty)
            {
                yield return ($"{at}/allowedValues", "is for BYTES");
            }

            if (limits.Minimum > limits.Maximum)
            {
                yield return ($"{at}/minimum", "is larger than maximum");
            }

            if (!limits.MaxShape.IsEmpty && limits.MaxShape.Length != tensor.Shape.Length)
            {
                yield return ($"{at}/maxShape", "must have as many elements as shape");
            }
        }
    }

    private static IEnumerable<(string, string)> Task(ModelManifest manifest)
    {
        var isText = manifest.Task != ModelTask.Tensor;
        if (isText && manifest.Tokenizer is null && !(manifest.Inputs.Length == 1 && manifest.Inputs[0].Datatype == Datatype.Bytes))
        {
            yield return ("/tokenizer", "is missing: a text task needs one, or a single BYTES input");
        }

        if (!isText && manifest.Tokenizer is not null)
        {
            yield return ("/tokenizer", "is not for the task tensor");
        }

        if (manifest.Task is ModelTask.TextClassification or ModelTask.TokenClassification && manifest.Labels.IsEmpty)
        {
            yield return ("/labels", "is missing: a classification needs labels");
        }

        if (manifest.Task == ModelTask.TokenClassification && manifest.Tokenizer is null)
        {
            yield return ("/tokenizer", "is missing: spans need its offsets");
        }

        if (manifest.Task == ModelTask.Rerank && manifest.Tokenizer is null)
        {
            yield return ("/tokenizer", "is missing: it puts query and text together");
        }

        if (manifest.Task != ModelTask.TextEmbedding && (manifest.Pooling != Pooling.None || manifest.Normalize || !manifest.Dimensions.IsEmpty))
        {
            yield return ("/task", "must be text-embedding where pooling, normalize or dimensions are given");
        }

        if (!manifest.Dimensions.Order().SequenceEqual(manifest.Dimensions))
        {
            yield return ("/dimensions", "must ascend");
        }

        if (manifest.Outputs[0].Shape is [.., > 0 and var full] && manifest.Dimensions.Any(dimension => dimension > full))
        {
            yield return ("/dimensions", $"has a length past the {full} numbers of the first output");
        }
    }

    private static IEnumerable<(string, string)> Labels(ModelManifest manifest)
    {
        var last = manifest.Outputs[0].Shape;
        if (!manifest.Labels.IsEmpty && !last.IsEmpty && last[^1] > 0 && last[^1] != manifest.Labels.Length)
        {
            yield return ("/labels", $"has {manifest.Labels.Length} elements where the first output has {last[^1]} columns");
        }

        if (manifest.Task == ModelTask.Tensor && !manifest.Output.BlockedLabels.IsEmpty)
        {
            yield return ("/output/blockedLabels", "is not for the task tensor, whose numbers name no label");
        }

        foreach (var (label, index) in manifest.Output.BlockedLabels.Select((label, index) => (label, index)))
        {
            if (!manifest.Labels.Contains(label, StringComparer.Ordinal))
            {
                yield return ($"/output/blockedLabels/{index}", "is not one of the labels");
            }
        }
    }

    // A guard that never sees anything would be taken for one that finds nothing.
    private static IEnumerable<(string, string)> Guards(ModelManifest manifest)
    {
        var (guards, takesText) = (manifest.Guards, manifest.Task != ModelTask.Tensor || manifest.Inputs.Any(input => input.Datatype == Datatype.Bytes));
        if (guards.Injection is not null && !takesText)
        {
            yield return ("/guards/injection", "judges texts, and no input is one");
        }

        if (guards.InputPii is not null && !takesText)
        {
            yield return ("/guards/inputPii", "judges texts, and no input is one");
        }

        foreach (var (policy, at) in new[] { (guards.InputPii, "/guards/inputPii"), (guards.OutputPii, "/guards/outputPii") })
        {
            foreach (var kind in (policy?.Kinds.Keys ?? []).Where(kind => !PiiKinds.TryParse(kind, out _)).Order(StringComparer.Ordinal))
            {
                yield return ($"{at}/kinds/{kind}", "is not a kind of personal data");
            }
        }
    }

    private static IEnumerable<(string, string)> Session(SessionSettings session)
    {
        if (session.InterOpThreads is not null && session.ExecutionMode != ExecutionMode.Parallel)
        {
            yield return ("/session/interOpThreads", "needs executionMode parallel");
        }
    }

    private static bool Has(ModelManifest manifest, string path) => manifest.Files.Any(file => file.Path == path);
}
