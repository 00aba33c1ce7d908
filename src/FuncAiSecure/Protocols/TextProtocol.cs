using System.Collections.Immutable;
using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;

namespace FuncAiSecure.Protocols;

/// <summary>What all JSON routes over texts have in common: counts, lengths, the model's task, units, the frame of the answer.</summary>
internal abstract class TextProtocol(ModelTask task) : InferenceProtocol
{
    // A caller learns the first few faults; a list of all would be an answer larger than the request.
    private const int MaxFaults = 8;

    private string[] _texts = [];

    /// <inheritdoc />
    public override IReadOnlyList<string> Texts => _texts;

    /// <summary>The texts as the model takes them, encoded when they were bound.</summary>
    protected TextInput Input { get; private set; } = new([]);

    /// <summary>Units of the input: what the answer's usage says.</summary>
    protected long Units { get; set; }

    /// <summary>Whether the body has a list where one text alone could stand.</summary>
    protected bool IsList { get; private set; } = true;

    /// <summary>Whether the usage has the prompt's tokens beside their total; where nothing is generated both are the same.</summary>
    protected virtual bool SaysPromptTokens => true;

    /// <summary>How many of the texts are inputs, of which a request has only so many.</summary>
    protected virtual int CountInputs => _texts.Length;

    /// <inheritdoc />
    public override string PointerOf(int index) => IsList ? base.PointerOf(index) : InputPointer;

    /// <inheritdoc />
    public override void Replace(int index, string text)
    {
        _texts[index] = text;
        Input = ReplaceIn(Input, index, text);
    }

    /// <inheritdoc />
    public override Refusal? Bind(RequestState state, TransportOptions limits)
    {
        var model = state.Loaded!;
        if (model.Manifest.Task != task)
        {
            return new Refusal(RefusalCode.InputInvalid) { Detail = "This model does another task.", Parameter = "model" };
        }

        if (CheckTexts(limits) is { } refusal)
        {
            return refusal;
        }

        return BindInput(state, MakeInput());
    }

    /// <inheritdoc />
    public sealed override void Write(RequestState state)
    {
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        WriteMembers(json, state);
        json.WriteStartObject("usage");
        if (SaysPromptTokens)
        {
            json.WriteNumber("prompt_tokens", Units);
        }

        json.WriteNumber("total_tokens", Units);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the members of the answer before its usage.</summary>
    protected abstract void WriteMembers(Utf8JsonWriter json, RequestState state);

    /// <summary>Encodes the input, and takes note of what it costs.</summary>
    protected Refusal? BindInput(RequestState state, TextInput given)
    {
        if (InferenceEngine.Encode(state.Loaded!, given, out var input) is { } unfit)
        {
            return unfit;
        }

        Input = input;
        Units = state.Loaded!.Encoder is null ? _texts.Sum(text => InputUnits.OfCharacters(text.Length)) : Math.Max(1, input.Tokens);
        state.InputUnits = Units;
        return null;
    }

    /// <summary>Takes the texts from the envelope.</summary>
    protected void SetTexts(IEnumerable<string> texts, bool isList) => (_texts, IsList) = ([.. texts], isList);

    /// <summary>The texts for the engine.</summary>
    protected virtual TextInput MakeInput() => new(_texts) { IsList = IsList };

    /// <summary>The engine's input after a guard has rewritten a text.</summary>
    protected virtual TextInput ReplaceIn(TextInput input, int index, string text) => input.With(index, text);

    private Refusal? CheckTexts(TransportOptions limits)
    {
        if (CountInputs == 0 || CountInputs > limits.MaxInputs)
        {
            return Invalid([new InputError(InputPointer, $"Send 1 to {limits.MaxInputs} texts.")]);
        }

        var faults = ImmutableArray.CreateBuilder<InputError>();
        for (var i = 0; i < _texts.Length && faults.Count < MaxFaults; i++)
        {
            if (_texts[i].Length == 0)
            {
                faults.Add(new InputError(PointerOf(i), "A text must not be empty."));
            }
            else if (_texts[i].Length > limits.MaxTextChars)
            {
                faults.Add(new InputError(PointerOf(i), $"The text has {_texts[i].Length} characters; at most {limits.MaxTextChars} are allowed."));
            }
        }

        return faults.Count == 0 ? null : Invalid(faults.ToImmutable());
    }

    private static Refusal Invalid(ImmutableArray<InputError> errors) =>
        new(RefusalCode.InputInvalid) { Parameter = errors[0].Pointer.Split('/')[1], Errors = errors };
}
