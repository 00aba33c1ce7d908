using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;

namespace FuncAiSecure.Protocols;

/// <summary><c>POST /v1/rerank</c>: documents in the order in which they answer a query.</summary>
internal sealed class RerankProtocol() : TextProtocol(ModelTask.Rerank)
{
    private int? _topN;
    private bool _returnDocuments;

    /// <inheritdoc />
    protected override bool SaysPromptTokens => false;

    /// <summary>Documents with their scores, best first, for the output guard; empty before the model ran.</summary>
    public IReadOnlyList<RankedText> Results { get; set; } = [];

    // One document is one row of a run; the query stands beside each.
    /// <inheritdoc />
    protected override int CountInputs => Texts.Count - 1;

    /// <inheritdoc />
    public override IReadOnlyList<string> OutputTexts => _returnDocuments ? [.. Results.Select(result => Texts[result.Index + 1])] : [];

    /// <inheritdoc />
    public override Refusal? ReadEnvelope(RequestState state, TransportOptions limits)
    {
        if (WireJson.Read(state.Body.Span, WireJsonContext.Default.RerankRequest, out var request) is { } refusal)
        {
            return refusal;
        }

        state.ModelName = request!.Model;

        // The query stands first among the texts: guards judge it as well.
        SetTexts([request.Query, .. request.Documents], isList: true);
        (_topN, _returnDocuments) = (request.TopN, request.ReturnDocuments ?? false);
        return null;
    }

    /// <inheritdoc />
    public override Refusal? Bind(RequestState state, TransportOptions limits)
    {
        if (CountInputs == 0 || CountInputs > limits.MaxInputs)
        {
            var fault = new InputError("/documents", $"Send 1 to {limits.MaxInputs} documents.");
            return new Refusal(RefusalCode.InputInvalid) { Parameter = "documents", Errors = [fault] };
        }

        return _topN < 1
            ? new Refusal(RefusalCode.InputInvalid) { Parameter = "top_n", Errors = [new InputError("/top_n", "Must be 1 or more.")] }
            : base.Bind(state, limits);
    }

    /// <inheritdoc />
    public override async ValueTask<Refusal?> RunAsync(RequestState state)
    {
        var outcome = await InferenceEngine.RerankAsync(state.Loaded!, Input, rawScores: false, state.Principal!.Id, state.Cancellation).ConfigureAwait(false);
        Results = [.. outcome.Items.Take(_topN ?? int.MaxValue)];
        state.Queued = outcome.Usage.Queued;
        return outcome.Refusal;
    }

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json, RequestState state)
    {
        json.WriteString("id", "rerank-" + state.RequestId);
        json.WriteString("model", state.ModelName);
        json.WriteStartArray("results");
        foreach (var result in Results)
        {
            json.WriteStartObject();
            json.WriteNumber("index", result.Index);
            json.WriteNumber("relevance_score", result.Score);
            if (_returnDocuments)
            {
                json.WriteStartObject("document");
                json.WriteString("text", Texts[result.Index + 1]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <inheritdoc />
    public override void ReplaceOutput(int index, string text) => Replace(Results[index].Index + 1, text);

    /// <inheritdoc />
    public override string PointerOf(int index) => index == 0 ? "/query" : $"/documents/{index - 1}";

    /// <inheritdoc />
    protected override TextInput MakeInput() => new([.. Texts.Skip(1)]) { Query = Texts[0], Pointer = "/documents" };

    /// <inheritdoc />
    protected override TextInput ReplaceIn(TextInput input, int index, string text) =>
        index == 0 ? input.WithQuery(text) : input.With(index - 1, text);
}
