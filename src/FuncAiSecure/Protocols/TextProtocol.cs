using System.Collections.Immutable;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;

namespace FuncAiSecure.Protocols;

/// <summary>What all JSON routes over texts have in common: counts, lengths, the model's task, units.</summary>
internal abstract class TextProtocol(ModelTask task) : InferenceProtocol
{
    // A caller learns the first few faults; a list of all would be an answer larger than the request.
    private const int MaxFaults = 8;

    private string[] _texts = [];

    /// <inheritdoc />
    public override IReadOnlyList<string> Texts => _texts;

    /// <summary>Units of the input: what the answer's usage says.</summary>
    protected long Units { get; private set; }

    /// <inheritdoc />
    public override void Replace(int index, string text) => _texts[index] = text;

    /// <inheritdoc />
    public override Refusal? Bind(RequestState state, TransportOptions limits)
    {
        var model = state.Loaded!;
        if (model.Manifest.Task != task)
        {
            return new Refusal(RefusalCode.InputInvalid) { Detail = "This model does another task.", Parameter = "model" };
        }

        var refusal = CheckTexts(model.Manifest.Limits, limits);
        if (refusal is null)
        {
            Units = CountUnits(model);
            state.InputUnits = Units;
        }

        return refusal;
    }

    /// <summary>Takes the texts from the envelope.</summary>
    protected void SetTexts(IEnumerable<string> texts) => _texts = [.. texts];

    /// <summary>The JSON pointer of a text in the caller's body.</summary>
    protected virtual string PointerOf(int index) => $"/input/{index}";

    private Refusal? CheckTexts(ModelLimits model, TransportOptions limits)
    {
        if (_texts.Length == 0 || _texts.Length > limits.MaxInputs)
        {
            return Invalid([new InputError("/input", $"Send 1 to {limits.MaxInputs} texts.")]);
        }

        var maxChars = Math.Min(model.MaxInputChars ?? int.MaxValue, limits.MaxTextChars);
        var faults = ImmutableArray.CreateBuilder<InputError>();
        for (var i = 0; i < _texts.Length && faults.Count < MaxFaults; i++)
        {
            if (_texts[i].Length == 0)
            {
                faults.Add(new InputError(PointerOf(i), "A text must not be empty."));
            }
            else if (_texts[i].Length > maxChars)
            {
                faults.Add(new InputError(PointerOf(i), $"The text has {_texts[i].Length} characters; at most {maxChars} are allowed."));
            }
        }

        return faults.Count == 0 ? null : Invalid(faults.ToImmutable());
    }

    private long CountUnits(OnnxModel model)
    {
        long units = 0;
        foreach (var text in _texts)
        {
            units += model.Encoder is { } encoder ? encoder.Encode(text, null).Count : InputUnits.OfCharacters(text.Length);
        }

        return units;
    }

    private static Refusal Invalid(ImmutableArray<InputError> errors) =>
        new(RefusalCode.InputInvalid) { Parameter = "input", Errors = errors };
}
