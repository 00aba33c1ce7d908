using FuncAiSecure.Core;
using FuncAiSecure.Http;

namespace FuncAiSecure.Protocols;

/// <summary>
/// One way to ask for inference on the wire. The stages call it in order: the body stage reads the envelope, the schema
/// stage binds the input to the model's manifest, the guards see the texts, the inference stage runs it, and the function
/// writes the answer. A protocol object serves one request.
/// </summary>
internal abstract class InferenceProtocol : IDisposable
{
    /// <summary>The JSON pointer of the member that holds the text, or the list of texts.</summary>
    protected const string InputPointer = "/input";

    /// <summary>Reads what must be known before access is decided: the model's name where the body carries it.</summary>
    public virtual Refusal? ReadEnvelope(RequestState state, TransportOptions limits) => null;

    /// <summary>Checks the input against the model's manifest and counts its units into the state.</summary>
    public abstract Refusal? Bind(RequestState state, TransportOptions limits);

    /// <summary>The texts that guards judge; where the input is not text, none.</summary>
    public abstract IReadOnlyList<string> Texts { get; }

    /// <summary>The JSON pointer of a text in the caller's body.</summary>
    public virtual string PointerOf(int index) => $"{InputPointer}/{index}";

    /// <summary>Puts a guard's rewritten text in the place of the caller's.</summary>
    public abstract void Replace(int index, string text);

    /// <summary>The texts of the answer that guards judge, once the model has run. Numbers and the manifest's labels are none.</summary>
    public virtual IReadOnlyList<string> OutputTexts => [];

    /// <summary>Puts a guard's rewritten text in the place of one of the answer's.</summary>
    public virtual void ReplaceOutput(int index, string text) => throw new NotSupportedException("The answer has no texts.");

    /// <summary>Runs the model; a refusal where it could not.</summary>
    public abstract ValueTask<Refusal?> RunAsync(RequestState state);

    /// <summary>Writes the answer to the state's output.</summary>
    public abstract void Write(RequestState state);

    /// <inheritdoc />
    public virtual void Dispose()
    {
    }
}
