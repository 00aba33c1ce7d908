using System.Globalization;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FuncAiSecure.Protocols;

/// <summary>Open Inference Protocol v2 inference: tensors as JSON or as binary data, in and out.</summary>
internal sealed class TensorProtocol : InferenceProtocol
{
    /// <summary>The header that says where JSON ends and binary data begins.</summary>
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    private TensorTexts? _texts;
    private TensorTexts? _said;
    private InferRequest? _request;
    private InferenceOutcome? _outcome;

    /// <inheritdoc />
    public override IReadOnlyList<string> Texts => _texts?.Texts ?? [];

    /// <inheritdoc />
    public override IReadOnlyList<string> OutputTexts => (_said ??= TensorTexts.Of(Outputs))?.Texts ?? [];

    /// <summary>What the caller sent; empty before the schema stage.</summary>
    public IReadOnlyList<Tensor> Inputs => _request?.Inputs ?? [];

    /// <summary>What the model gave, for the output guard; empty before it ran.</summary>
    public IReadOnlyList<Tensor> Outputs => _outcome?.Outputs ?? [];

    /// <inheritdoc />
    public override string PointerOf(int index) => _texts!.PointerOf(index);

    /// <inheritdoc />
    public override void Replace(int index, string text) => _texts!.Replace(index, text);

    /// <inheritdoc />
    public override void ReplaceOutput(int index, string text) => _said!.Replace(index, text);

    /// <inheritdoc />
    public override Refusal? Bind(RequestState state, TransportOptions limits)
    {
        var model = state.Loaded!;
        var refusal = TakesTensors(model.Manifest) ?? Read(state, model) ?? RequestContract.Check(_request!, model.Manifest, limits.MaxInputs);
        if (refusal is not null)
        {
            return refusal;
        }

        if (_request!.Timeout is { } timeout)
        {
            state.LimitTime(timeout);
        }

        state.InputUnits = InputUnits.Of(_request, model.Manifest);
        return CollectTexts(model.Manifest, limits);
    }

    /// <inheritdoc />
    public override async ValueTask<Refusal?> RunAsync(RequestState state)
    {
        _texts?.Apply(_request!.ReplaceTexts);
        _outcome = await InferenceEngine.InferAsync(state.Loaded!, _request!, state.Principal!.Id, state.Cancellation).ConfigureAwait(false);
        state.Queued = _outcome.Queued;
        return _outcome.Refusal;
    }

    /// <inheritdoc />
    public override void Write(RequestState state)
    {
        _said?.Apply(_outcome!.ReplaceTexts);
        var manifest = state.Loaded!.Manifest;
        var jsonLength = InferResponseWriter.Write(state.Output, manifest.Name, manifest.Version, _request!, Outputs);
        if (jsonLength is { } length)
        {
            state.Http.Response.Headers[JsonLengthHeader] = length.ToString(CultureInfo.InvariantCulture);
            state.Answer(StatusCodes.Status200OK, "application/octet-stream");
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _request?.Dispose();
        _outcome?.Dispose();
        base.Dispose();
    }

    // Raw tensors would pass by guards that judge text, and show what an output policy holds back.
    private static Refusal? TakesTensors(ModelManifest manifest)
    {
        var guarded = manifest.Tokenizer is not null && (manifest.Guards.Injection ?? (object?)manifest.Guards.InputPii) is not null;
        // Rounded before the activation, a number says more than the rounded probability.
        var (output, isRaw) = (manifest.Output, manifest.Activation != Activation.None);
        var withheld = manifest.Task != ModelTask.Tensor
            && (output.TopK is not null || output.Extraction is not null || !output.BlockedLabels.IsEmpty || (isRaw && output.Decimals is not null));
        return guarded || withheld
            ? new Refusal(RefusalCode.InputInvalid) { Detail = "This model is asked by its task's own route: its manifest has policies that raw tensors would pass by." }
            : null;
    }

    private Refusal? Read(RequestState state, OnnxModel model)
    {
        var header = state.Http.Request.Headers[JsonLengthHeader];
        if (header.Count == 0)
        {
            return RequestHeaders.IsBinary(state.Http.Request)
                ? new Refusal(RefusalCode.MalformedRequest) { Detail = "Send Inference-Header-Content-Length with binary tensor data." }
                : InferRequestReader.Read(state.Body.Span, null, model.Names, out _request);
        }

        if (!TryReadLength(header, out var length))
        {
            return new Refusal(RefusalCode.MalformedRequest) { Detail = "Inference-Header-Content-Length must be one whole number." };
        }

        if (length > 0)
        {
            return InferRequestReader.Read(state.Body.Span, length, model.Names, out _request);
        }

        return model.Manifest.Inputs.Length == 1
            ? RawRequest.Read(state.Body.Span, model.Manifest.Inputs[0], out _request)
            : new Refusal(RefusalCode.MalformedRequest) { Detail = "A raw body is for models of one input." };
    }

    private static bool TryReadLength(StringValues header, out long length)
    {
        length = 0;
        return header.Count == 1 && long.TryParse(header[0], NumberStyles.None, CultureInfo.InvariantCulture, out length);
    }

    private Refusal? CollectTexts(ModelManifest manifest, TransportOptions limits)
    {
        var most = Math.Min(manifest.Limits.MaxInputChars ?? int.MaxValue, limits.MaxTextChars);
        _texts = TensorTexts.Of(_request!.Inputs);
        for (var i = 0; i < Texts.Count; i++)
        {
            if (Texts[i].Length > most)
            {
                var fault = $"The text has {Texts[i].Length} characters; at most {most} are allowed.";
                return new Refusal(RefusalCode.InputInvalid) { Errors = [new InputError(PointerOf(i), fault)] };
            }
        }

        return null;
    }
}
