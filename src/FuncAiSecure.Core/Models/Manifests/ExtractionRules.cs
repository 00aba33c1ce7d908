namespace FuncAiSecure.Core.Models.Manifests;

/// <summary>What the steps of an extraction policy say of each other: none gives back what one before it took.</summary>
internal static class ExtractionRules
{
    /// <summary>Every fault, with its pointer.</summary>
    public static IEnumerable<(string Pointer, string Message)> Check(ModelManifest manifest)
    {
        var steps = manifest.Output.Extraction?.Steps ?? [];
        var (at, decimals, topK) = (-1.0, manifest.Output.Decimals, manifest.Output.TopK);
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            var pointer = $"/output/extraction/steps/{i}";
            foreach (var fault in Alone(step, pointer, isLast: i == steps.Length - 1, hasLabels: !manifest.Labels.IsEmpty))
            {
                yield return fault;
            }

            if (step.At <= at)
            {
                yield return ($"{pointer}/at", "must be more than the step before has");
            }

            if (step.Decimals > decimals)
            {
                yield return ($"{pointer}/decimals", "is more than is shown before");
            }

            if (step.TopK > topK)
            {
                yield return ($"{pointer}/topK", "is more than is shown before");
            }

            (at, decimals, topK) = (step.At, step.Decimals ?? decimals, step.TopK ?? topK);
        }
    }

    private static IEnumerable<(string, string)> Alone(ExtractionStep step, string pointer, bool isLast, bool hasLabels)
    {
        if (step.Refuse == false)
        {
            yield return ($"{pointer}/refuse", "is false: leave it out");
        }

        if (step.Refuse == true && !isLast)
        {
            yield return ($"{pointer}/refuse", "is for the last step");
        }

        if ((step.Refuse == true) == ((step.Decimals ?? step.TopK) is not null))
        {
            yield return (pointer, "must have refuse, or decimals, topK or both");
        }

        if (step.TopK is not null && !hasLabels)
        {
            yield return ($"{pointer}/topK", "is for models with labels");
        }
    }
}
