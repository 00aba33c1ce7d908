using System.Collections.Immutable;
using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Protocols;

/// <summary><c>POST /v1/moderations</c>: what the guards say of texts, in OpenAI's shape. The guard model stands for access and quota.</summary>
internal sealed class ModerationProtocol : InferenceProtocol
{
    /// <summary>The model behind it; a principal that may moderate may use this model.</summary>
    internal const string GuardModel = "prompt-guard";

    private string[] _texts = [];
    private bool _isList;
    private ModerationResult[] _results = [];

    /// <inheritdoc />
    public override IReadOnlyList<string> Texts => _texts;

    /// <inheritdoc />
    public override string PointerOf(int index) => _isList ? base.PointerOf(index) : InputPointer;

    /// <inheritdoc />
    public override void Replace(int index, string text) => _texts[index] = text;

    /// <inheritdoc />
    public override Refusal? ReadEnvelope(RequestState state, TransportOptions limits)
    {
        if (WireJson.Read(state.Body.Span, WireJsonContext.Default.ModerationRequest, out var request) is { } refusal)
        {
            return refusal;
        }

        // What OpenAI's own clients send by habit means the one guard there is.
        var named = request!.Model is { } model && !model.StartsWith("omni-moderation", StringComparison.Ordinal)
            && !model.StartsWith("text-moderation", StringComparison.Ordinal) ? model : GuardModel;
        state.ModelName = GuardModel;
        (_texts, _isList) = ([.. request.Input.Texts], request.Input.IsList);
        return named == GuardModel ? null : new Refusal(RefusalCode.NotFound) { Detail = "There is no such model.", Parameter = "model" };
    }

    /// <inheritdoc />
    public override Refusal? Bind(RequestState state, TransportOptions limits)
    {
        if (_texts.Length == 0 || _texts.Length > limits.MaxInputs)
        {
            return new Refusal(RefusalCode.InputInvalid) { Parameter = "input", Errors = [new InputError(InputPointer, $"Send 1 to {limits.MaxInputs} texts.")] };
        }

        // What the guard would not read, it cannot speak for.
        var longest = Math.Min(limits.MaxTextChars, state.Invocation.InstanceServices.GetRequiredService<InputGuard>().MaxCharacters);
        var faults = ImmutableArray.CreateBuilder<InputError>();
        for (var i = 0; i < _texts.Length; i++)
        {
            state.InputUnits += InputUnits.OfCharacters(_texts[i].Length);
            if ((_texts[i].Length == 0 || _texts[i].Length > longest) && faults.Count == 0)
            {
                faults.Add(new InputError(PointerOf(i), $"A text has 1 to {longest} characters."));
            }
        }

        return faults.Count == 0 ? null : new Refusal(RefusalCode.InputInvalid) { Parameter = "input", Errors = faults.ToImmutable() };
    }

    /// <inheritdoc />
    public override ValueTask<Refusal?> RunAsync(RequestState state)
    {
        var moderation = state.Invocation.InstanceServices.GetRequiredService<Moderation>();
        if (!state.Invocation.InstanceServices.GetRequiredService<InputGuard>().IsReady)
        {
            return new(new Refusal(RefusalCode.ModelNotReady) { RetryAfter = TimeSpan.FromSeconds(30) });
        }

        _results = new ModerationResult[_texts.Length];
        for (var i = 0; i < _texts.Length; i++)
        {
            state.Cancellation.ThrowIfCancellationRequested();
            _results[i] = moderation.Judge(_texts[i]);
        }

        return default;
    }

    /// <inheritdoc />
    public override void Write(RequestState state)
    {
        using var json = new Utf8JsonWriter(state.Output);
        json.WriteStartObject();
        json.WriteString("id", "modr-" + state.RequestId);
        json.WriteString("model", GuardModel);
        json.WriteStartArray("results");
        foreach (var result in _results)
        {
            json.WriteStartObject();
            json.WriteBoolean("flagged", result.Flagged);
            json.WriteStartObject("categories");
            for (var i = 0; i < Moderation.Categories.Length; i++)
            {
                json.WriteBoolean(Moderation.Categories[i], result.Flags[i]);
            }

            json.WriteEndObject();
            json.WriteStartObject("category_scores");
            for (var i = 0; i < Moderation.Categories.Length; i++)
            {
                json.WriteNumber(Moderation.Categories[i], Math.Round(result.Scores[i], 6));
            }

            json.WriteEndObject();
            WriteInputTypes(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Clients of the family expect to be told which kinds of input a category judged: there are only texts.
    private static void WriteInputTypes(Utf8JsonWriter json)
    {
        json.WriteStartObject("category_applied_input_types");
        foreach (var category in Moderation.Categories)
        {
            json.WriteStartArray(category);
            json.WriteStringValue("text");
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
