using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference;

/// <summary>Text tasks: texts become runs of like length, their rows become answers in the order of the texts.</summary>
public static partial class InferenceEngine
{
    private delegate Refusal? RowReader<T>(Tensor output, int row, TextEncoding? encoding, out T item);

    /// <summary>
    /// Checks an input's texts against the model's limits and encodes them ahead of the run, so that what they cost is known and no text is
    /// encoded twice. Where the graph takes text itself, only lengths are checked.
    /// </summary>
    /// <param name="model">A model of a text task.</param>
    /// <param name="input">The texts.</param>
    /// <param name="encoded">The input to run.</param>
    /// <returns>Null; or a refusal that names text, count and limit.</returns>
    public static Refusal? Encode(OnnxModel model, TextInput input, out TextInput encoded)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        var refusal = EncodeTexts(model, input, out var encodings);
        encoded = input with { Encodings = encodings ?? [] };
        return refusal;
    }

    /// <summary>Probabilities for each text.</summary>
    /// <param name="model">A model of the task text-classification.</param>
    /// <param name="input">The texts.</param>
    /// <param name="topK">How many labels, best first; null for all.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="cancellation">Ends waiting and running.</param>
    public static ValueTask<TaskOutcome<Classification>> ClassifyAsync(
        OnnxModel model, TextInput input, int? topK, PrincipalId principal, CancellationToken cancellation)
    {
        var manifest = Require(model, ModelTask.TextClassification);
        return RunTextsAsync<Classification>(model, input, principal, Read, cancellation);

        Refusal? Read(Tensor output, int row, TextEncoding? encoding, out Classification item)
        {
            var refusal = ReadProbabilities(manifest, output, row, out var probabilities);
            item = refusal is null ? new Classification(probabilities, LabelRanking.Best(probabilities, manifest.Labels, topK)) : null!;
            return refusal;
        }
    }

    /// <summary>A vector for each text.</summary>
    /// <param name="model">A model of the task text-embedding.</param>
    /// <param name="input">The texts.</param>
    /// <param name="dimensions">A shorter length that the manifest allows; null for the full one.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="cancellation">Ends waiting and running.</param>
    public static ValueTask<TaskOutcome<float[]>> EmbedAsync(
        OnnxModel model, TextInput input, int? dimensions, PrincipalId principal, CancellationToken cancellation)
    {
        var manifest = Require(model, ModelTask.TextEmbedding);
        var full = (int)manifest.Outputs[0].Shape[^1];
        if (dimensions is { } asked && asked != full && !manifest.Dimensions.Contains(asked))
        {
            return new(new TaskOutcome<float[]>(new Refusal(RefusalCode.UnsupportedParameter)
            {
                Detail = "The model does not offer embeddings of this length.",
                Parameter = "dimensions",
            }));
        }

        return RunTextsAsync<float[]>(model, input, principal, Read, cancellation);

        Refusal? Read(Tensor output, int row, TextEncoding? encoding, out float[] item)
        {
            var width = (int)output.Shape[^1];
            var perRow = output.ElementCount / (int)output.Shape[0];
            var values = TaskMath.Singles(output, row * perRow, perRow);
            item = manifest.Pooling == Pooling.None ? values : TaskMath.Pool(values, encoding?.Count ?? (perRow / width), width, manifest.Pooling);
            item = dimensions < item.Length ? item[..dimensions.Value] : item;
            if (manifest.Normalize)
            {
                TaskMath.Normalize(item);
            }

            return OutputContract.CheckVector(item);
        }
    }

    /// <summary>Labelled spans of each text.</summary>
    /// <param name="model">A model of the task token-classification.</param>
    /// <param name="input">The texts.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="cancellation">Ends waiting and running.</param>
    public static ValueTask<TaskOutcome<System.Collections.Immutable.ImmutableArray<LabelledSpan>>> LabelTokensAsync(
        OnnxModel model, TextInput input, PrincipalId principal, CancellationToken cancellation)
    {
        var manifest = Require(model, ModelTask.TokenClassification);
        return RunTextsAsync<System.Collections.Immutable.ImmutableArray<LabelledSpan>>(model, input, principal, Read, cancellation);

        Refusal? Read(Tensor output, int row, TextEncoding? encoding, out System.Collections.Immutable.ImmutableArray<LabelledSpan> item)
        {
            item = [];
            if (CheckLabels(manifest, output) is { } unlike)
            {
                return unlike;
            }

            var perRow = (int)(output.Shape[1] * output.Shape[2]);
            var values = TaskMath.Singles(output, row * perRow, encoding!.Count * manifest.Labels.Length);
            for (var token = 0; token < encoding.Count; token++)
            {
                var labels = values.AsSpan(token * manifest.Labels.Length, manifest.Labels.Length);
                TaskMath.Activate(labels, manifest.Activation);
                if (OutputContract.CheckProbabilities(labels, manifest.Activation) is { } refusal)
                {
                    return refusal;
                }
            }

            item = SpanReader.Read(values, manifest.Labels, encoding);
            return null;
        }
    }

    /// <summary>A score for each text against <see cref="TextInput.Query"/>, best first.</summary>
    /// <param name="model">A model of the task rerank.</param>
    /// <param name="input">Query and texts.</param>
    /// <param name="rawScores">Whether the manifest's activation is left out.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="cancellation">Ends waiting and running.</param>
    public static async ValueTask<TaskOutcome<RankedText>> RerankAsync(
        OnnxModel model, TextInput input, bool rawScores, PrincipalId principal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(input.Query);
        var manifest = Require(model, ModelTask.Rerank);
        var outcome = await RunTextsAsync<float>(model, input, principal, Read, cancellation).ConfigureAwait(false);
        return outcome.Refusal is { } refusal
            ? new TaskOutcome<RankedText>(refusal)
            : new TaskOutcome<RankedText>(
                [.. outcome.Items.Select((score, index) => new RankedText(index, score)).OrderByDescending(text => text.Score)], outcome.Usage);

        Refusal? Read(Tensor output, int row, TextEncoding? encoding, out float item)
        {
            var perRow = output.ElementCount / (int)output.Shape[0];
            var values = TaskMath.Singles(output, row * perRow, perRow);
            TaskMath.Activate(values, rawScores ? Activation.None : manifest.Activation);

            // Of two columns the second says how well the text answers.
            item = values[^1];
            return OutputContract.CheckVector(values);
        }
    }

    private static Refusal? ReadProbabilities(ModelManifest manifest, Tensor output, int row, out float[] probabilities)
    {
        var perRow = output.ElementCount / (int)output.Shape[0];
        probabilities = TaskMath.Singles(output, row * perRow, perRow);
        TaskMath.Activate(probabilities, manifest.Activation);
        return CheckLabels(manifest, output) ?? OutputContract.CheckProbabilities(probabilities, manifest.Activation);
    }

    private static Refusal? CheckLabels(ModelManifest manifest, Tensor output) => output.Shape[^1] == manifest.Labels.Length
        ? null
        : OutputContract.Broken($"output {output.Name} has {output.Shape[^1]} columns for {manifest.Labels.Length} labels");

    // The first token alone is read where others follow, whatever their number.
    private static bool ReadsTokens(ModelManifest manifest) =>
        manifest.Task == ModelTask.TokenClassification || manifest.Pooling is Pooling.Mean or Pooling.Max;

    private static ModelManifest Require(OnnxModel model, ModelTask task)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Manifest.Task == task ? model.Manifest : throw new InvalidOperationException("The model has another task.");
    }

    private static async ValueTask<TaskOutcome<T>> RunTextsAsync<T>(
        OnnxModel model, TextInput input, PrincipalId principal, RowReader<T> read, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        var refusal = EncodeTexts(model, input, out var encodings);
        if (refusal is not null)
        {
            return new TaskOutcome<T>(refusal);
        }

        var items = new T[encodings?.Length ?? input.Texts.Count];
        var (queued, computed) = (0L, 0L);
        var groups = Groups(model, encodings, items.Length);
        if (groups.Count == 1)
        {
            await RunAsync(groups[0]).ConfigureAwait(false);
        }
        else
        {
            // One request may use every core, but has no more places in the queue than that: others come in between.
            var bounds = new ParallelOptions { MaxDegreeOfParallelism = model.Queue.Slots, CancellationToken = cancellation };
            await Parallel.ForEachAsync(groups, bounds, (group, _) => refusal is null ? RunAsync(group) : default).ConfigureAwait(false);
        }

        return refusal is null
            ? new TaskOutcome<T>(items, TextRuns.Usage(input, encodings, new TimeSpan(queued), new TimeSpan(computed)))
            : new TaskOutcome<T>(refusal);

        async ValueTask RunAsync(int[] group)
        {
            var work = TextRuns.Prepare(model, input, encodings, group, principal, cancellation);
            try
            {
                var tokens = encodings is not null && ReadsTokens(model.Manifest) ? work.Length : (int?)null;
                var refused = await model.Queue.RunAsync(work).ConfigureAwait(false)
                    ?? CheckOutputs(model.Manifest, work.Results)
                    ?? OutputContract.CheckRows(work.Results[0], group.Length, tokens);
                for (var row = 0; row < group.Length && refused is null; row++)
                {
                    refused = read(work.Results[0], row, encodings?[group[row]], out items[group[row]]);
                }

                if (refused is not null)
                {
                    Volatile.Write(ref refusal, refused);
                }

                Interlocked.Add(ref queued, work.Queued.Ticks);
                Interlocked.Add(ref computed, work.Computed.Ticks);
            }
            finally
            {
                work.DisposeResults();
                TextRuns.DisposeInputs(work);
            }
        }
    }

    private static Refusal? EncodeTexts(OnnxModel model, TextInput input, out TextEncoding[]? encodings)
    {
        encodings = null;
        return TextPreparation.CheckLength(model.Manifest, input)
            ?? (model.Encoder is null ? null : TextPreparation.Encode(model, input, out encodings));
    }

    private static List<int[]> Groups(OnnxModel model, TextEncoding[]? encodings, int count)
    {
        var rows = model.Manifest.Inputs[0].Shape[0] > 0 ? (int)model.Manifest.Inputs[0].Shape[0] : model.Queue.MaxRows;
        return encodings is null
            ? [.. Enumerable.Range(0, count).Chunk(rows)]
            : TextGroups.Plan([.. encodings.Select(encoding => encoding.Count)], rows, TokenTensors.MayPad(model.Manifest));
    }
}
