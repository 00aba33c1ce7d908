using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;

namespace FuncAiSecure.Protocols;

/// <summary><c>POST /v1/classify</c>: labels and probabilities of texts.</summary>
internal sealed class ClassifyProtocol() : TextProtocol(ModelTask.TextClassification)
{
    private int? _topK;

    /// <summary>What the model said, for the output guard; empty before it ran.</summary>
    public IReadOnlyList<Classification> Results { get; set; } = [];

    /// <inheritdoc />
    public override Refusal? ReadEnvelope(RequestState state, TransportOptions limits)
    {
        if (WireJson.Read(state.Body.Span, WireJsonContext.Default.ClassifyRequest, out var request) is { } refusal)
        {
            return refusal;
        }

        state.ModelName = request!.Model;
        SetTexts(request.Input.Texts, request.Input.IsList);
        _topK = request.TopK;
        return null;
    }

    /// <inheritdoc />
    public override Refusal? Bind(RequestState state, TransportOptions limits) => _topK < 1
        ? new Refusal(RefusalCode.InputInvalid) { Parameter = "top_k", Errors = [new InputError("/top_k", "Must be 1 or more.")] }
        : base.Bind(state, limits);

    /// <inheritdoc />
    public override async ValueTask<Refusal?> RunAsync(RequestState state)
    {
        var outcome = await InferenceEngine.ClassifyAsync(
            state.Loaded!, Input, _topK, state.Principal!.Id, state.Cancellation).ConfigureAwait(false);
        Results = outcome.Items;
        state.Queued = outcome.Usage.Queued;
        return outcome.Refusal;
    }

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json, RequestState state)
    {
        json.WriteString("id", "classify-" + state.RequestId);
        json.WriteString("object", "list");
        json.WriteNumber("created", state.Time.GetUtcNow().ToUnixTimeSeconds());
        json.WriteString("model", state.ModelName);
        json.WriteStartArray("data");
        for (var i = 0; i < Results.Count; i++)
        {
            WriteResult(json, i, Results[i], state.Loaded!.Manifest.Labels.Length);
        }

        json.WriteEndArray();
    }

    // Probabilities stand in the order of the manifest's labels; where fewer labels are answered, in the order of the scores.
    private static void WriteResult(Utf8JsonWriter json, int index, Classification result, int labels)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteString("label", result.Best[0].Label);
        json.WriteStartArray("probs");
        if (result.Best.Length == labels)
        {
            foreach (var probability in result.Probabilities)
            {
                json.WriteNumberValue(probability);
            }
        }
        else
        {
            foreach (var score in result.Best)
            {
                json.WriteNumberValue(score.Score);
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("scores");
        foreach (var score in result.Best)
        {
            json.WriteStartObject();
            json.WriteString("label", score.Label);
            json.WriteNumber("score", score.Score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
