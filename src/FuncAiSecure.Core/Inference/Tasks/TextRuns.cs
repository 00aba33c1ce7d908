using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference.Scheduling;
using FuncAiSecure.Core.Inference.Tensors;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>A group of texts as the work of one run.</summary>
internal static class TextRuns
{
    /// <summary>Tokens, or the texts themselves where the graph takes text. The caller disposes inputs and results.</summary>
    public static RunWork Prepare(
        OnnxModel model, TextInput input, TextEncoding[]? encodings, int[] group, PrincipalId principal, CancellationToken cancellation)
    {
        // Text tasks read the first output alone.
        if (encodings is not null)
        {
            return new RunWork(TokenTensors.Build(model, encodings, group), 1, principal, cancellation)
            {
                HasTokens = true,
                Padding = TokenTensors.MayPad(model.Manifest) ? TokenTensors.Padding(model.Manifest, model.Encoder!) : null,
            };
        }

        var spec = model.Manifest.Inputs[0];
        long[] shape = spec.Shape.Length == 1 ? [group.Length] : [group.Length, 1];
        return new RunWork([Tensor.FromTexts(spec.Name, [.. group.Select(index => input.Texts[index])], shape)], 1, principal, cancellation);
    }

    /// <summary>Gives the inputs' memory back.</summary>
    public static void DisposeInputs(RunWork work)
    {
        foreach (var tensor in work.Inputs)
        {
            tensor.Dispose();
        }
    }

    /// <summary>What the texts count as.</summary>
    public static TextUsage Usage(TextInput input, TextEncoding[]? encodings, TimeSpan queued, TimeSpan computed) => encodings is null
        ? new TextUsage(input.Texts.Sum(text => InputUnits.OfCharacters(text.Length)), 0, queued, computed)
        : new TextUsage(encodings.Sum(encoding => (long)encoding.Count), encodings.Count(encoding => encoding.FullCount > encoding.Count), queued, computed);
}
