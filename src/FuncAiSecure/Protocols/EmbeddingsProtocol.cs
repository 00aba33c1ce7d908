using System.Runtime.InteropServices;
using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;

namespace FuncAiSecure.Protocols;

/// <summary><c>POST /v1/embeddings</c>: a vector for each text, as numbers or as base64 of little-endian singles.</summary>
internal sealed class EmbeddingsProtocol() : TextProtocol(ModelTask.TextEmbedding)
{
    private IReadOnlyList<int[]>? _tokenIds;
    private int? _dimensions;
    private bool _base64;

    /// <summary>The vectors, for the output guard; empty before the model ran.</summary>
    public IReadOnlyList<float[]> Results { get; private set; } = [];

    /// <inheritdoc />
    public override Refusal? ReadEnvelope(RequestState state, TransportOptions limits)
    {
        if (WireJson.Read(state.Body.Span, WireJsonContext.Default.EmbeddingsRequest, out var request) is { } refusal)
        {
            return refusal;
        }

        state.ModelName = request!.Model;
        SetTexts(request.Input.Texts, request.Input.IsList);
        (_tokenIds, _dimensions, _base64) = (request.Input.TokenIds, request.Dimensions, request.EncodingFormat == "base64");
        return request.EncodingFormat is null or "float" or "base64"
            ? null
            : new Refusal(RefusalCode.UnsupportedParameter) { Detail = "encoding_format must be float or base64.", Parameter = "encoding_format" };
    }

    /// <inheritdoc />
    public override Refusal? Bind(RequestState state, TransportOptions limits)
    {
        if (_dimensions < 1)
        {
            return new Refusal(RefusalCode.InputInvalid) { Parameter = "dimensions", Errors = [new InputError("/dimensions", "Must be 1 or more.")] };
        }

        return _tokenIds is null ? base.Bind(state, limits) : BindTokens(state, limits);
    }

    /// <inheritdoc />
    public override async ValueTask<Refusal?> RunAsync(RequestState state)
    {
        var outcome = await InferenceEngine.EmbedAsync(state.Loaded!, Input, _dimensions, state.Principal!.Id, state.Cancellation).ConfigureAwait(false);
        (Results, Units) = (outcome.Items, outcome.Usage.Tokens);
        state.Queued = outcome.Usage.Queued;
        return outcome.Refusal;
    }

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json, RequestState state)
    {
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        for (var index = 0; index < Results.Count; index++)
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", index);
            WriteVector(json, Results[index]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", state.ModelName);
    }

    private void WriteVector(Utf8JsonWriter json, float[] vector)
    {
        if (_base64)
        {
            json.WriteBase64String("embedding", MemoryMarshal.AsBytes(vector.AsSpan()));
            return;
        }

        json.WriteStartArray("embedding");
        foreach (var value in vector)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    // Token ids pass by guards that judge text: only models without such guards take them.
    private Refusal? BindTokens(RequestState state, TransportOptions limits)
    {
        var manifest = state.Loaded!.Manifest;
        if (manifest.Task != ModelTask.TextEmbedding || state.Loaded.Encoder is null)
        {
            return new Refusal(RefusalCode.InputInvalid) { Detail = "This model does another task, or takes no token ids.", Parameter = "input" };
        }

        if (manifest.Guards.Injection is not null || manifest.Guards.InputPii is not null)
        {
            return new Refusal(RefusalCode.InputInvalid) { Detail = "This model takes text only: its guards judge text.", Parameter = "input" };
        }

        if (_tokenIds!.Count == 0 || _tokenIds.Count > limits.MaxInputs)
        {
            return new Refusal(RefusalCode.InputInvalid) { Parameter = "input", Errors = [new InputError(InputPointer, $"Send 1 to {limits.MaxInputs} inputs.")] };
        }

        return BindInput(state, new TextInput([]) { TokenIds = _tokenIds, IsList = IsList });
    }
}
