using System.Collections.Immutable;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference;

/// <summary>One golden case as a request of the model's task would run it.</summary>
internal static class GoldenRun
{
    public static async Task<IReadOnlyList<GoldenTensor>> RunAsync(
        OnnxModel model, IReadOnlyList<GoldenTensor> inputs, PrincipalId principal, CancellationToken cancellation) =>
        model.Encoder is null
            ? await RunTensorsAsync(model, inputs, principal, cancellation).ConfigureAwait(false)
            : await RunTextsAsync(model, inputs, principal, cancellation).ConfigureAwait(false);

    private static async Task<IReadOnlyList<GoldenTensor>> RunTensorsAsync(
        OnnxModel model, IReadOnlyList<GoldenTensor> inputs, PrincipalId principal, CancellationToken cancellation)
    {
        using var request = new InferRequest([.. inputs.Select(GoldenTensors.ToTensor)]);
        var refusal = RequestContract.Check(request, model.Manifest, int.MaxValue);
        using var outcome = refusal is null
            ? await InferenceEngine.InferAsync(model, request, principal, cancellation).ConfigureAwait(false)
            : new InferenceOutcome(refusal);
        Require(outcome.Refusal);
        return [.. outcome.Outputs.Select(GoldenTensors.FromTensor)];
    }

    private static async Task<IReadOnlyList<GoldenTensor>> RunTextsAsync(
        OnnxModel model, IReadOnlyList<GoldenTensor> inputs, PrincipalId principal, CancellationToken cancellation)
    {
        var texts = TextsOf(inputs, "text");
        switch (model.Manifest.Task)
        {
            case ModelTask.TextClassification:
                var classes = await InferenceEngine.ClassifyAsync(model, new TextInput(texts), null, principal, cancellation).ConfigureAwait(false);
                Require(classes.Refusal);
                return [Rows("probabilities", [.. classes.Items.Select(item => item.Probabilities)])];
            case ModelTask.TextEmbedding:
                var vectors = await InferenceEngine.EmbedAsync(model, new TextInput(texts), null, principal, cancellation).ConfigureAwait(false);
                Require(vectors.Refusal);
                return [Rows("embedding", vectors.Items)];
            case ModelTask.Rerank:
                return [await RankAsync(model, texts, TextsOf(inputs, "text_pair"), principal, cancellation).ConfigureAwait(false)];
            case ModelTask.TokenClassification:
                return await LabelAsync(model, texts, principal, cancellation).ConfigureAwait(false);
            default:
                throw new ModelLoadException("Golden tests do not reach this task.");
        }
    }

    private static ImmutableArray<string> TextsOf(IReadOnlyList<GoldenTensor> inputs, string name) =>
        inputs.FirstOrDefault(input => input.Name == name) is { Datatype: Datatype.Bytes, Texts: { IsEmpty: false } texts }
            ? texts
            : throw new ModelLoadException($"A golden case of a model with a tokenizer needs the input {name}, BYTES and not empty.");

    private static async Task<IReadOnlyList<GoldenTensor>> LabelAsync(
        OnnxModel model, IReadOnlyList<string> texts, PrincipalId principal, CancellationToken cancellation)
    {
        if (texts.Count > 1)
        {
            throw new ModelLoadException("A golden case of token-classification has one text: texts have unlike numbers of spans.");
        }

        var labelled = await InferenceEngine.LabelTokensAsync(model, new TextInput(texts), principal, cancellation).ConfigureAwait(false);
        Require(labelled.Refusal);
        var spans = labelled.Items[0];
        ImmutableArray<long> shape = [spans.Length];
        return
        [
            new GoldenTensor { Name = "label", Datatype = Datatype.Bytes, Shape = shape, Texts = [.. spans.Select(span => span.Label)] },
            new GoldenTensor { Name = "score", Datatype = Datatype.Fp32, Shape = shape, Numbers = [.. spans.Select(span => (double)span.Score)] },
            new GoldenTensor { Name = "start", Datatype = Datatype.Int64, Shape = shape, Numbers = [.. spans.Select(span => (double)span.Start)] },
            new GoldenTensor { Name = "end", Datatype = Datatype.Int64, Shape = shape, Numbers = [.. spans.Select(span => (double)span.End)] },
        ];
    }

    private static async Task<GoldenTensor> RankAsync(
        OnnxModel model, IReadOnlyList<string> queries, IReadOnlyList<string> texts, PrincipalId principal, CancellationToken cancellation)
    {
        if (texts.Count != queries.Count)
        {
            throw new ModelLoadException("A golden case of rerank has as many elements in text_pair as in text.");
        }

        var scores = new double[queries.Count];
        for (var index = 0; index < queries.Count; index++)
        {
            var input = new TextInput([texts[index]]) { Query = queries[index] };
            var ranked = await InferenceEngine.RerankAsync(model, input, rawScores: false, principal, cancellation).ConfigureAwait(false);
            Require(ranked.Refusal);
            scores[index] = ranked.Items[0].Score;
        }

        return new GoldenTensor { Name = "score", Datatype = Datatype.Fp32, Shape = [scores.Length], Numbers = [.. scores] };
    }

    private static GoldenTensor Rows(string name, IReadOnlyList<float[]> rows) => new()
    {
        Name = name,
        Datatype = Datatype.Fp32,
        Shape = [rows.Count, rows[0].Length],
        Numbers = [.. rows.SelectMany(row => row.Select(value => (double)value))],
    };

    private static void Require(Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw new ModelLoadException($"A golden case was refused: {refusal.Code}. {refusal.Fault ?? refusal.Detail}");
        }
    }
}
