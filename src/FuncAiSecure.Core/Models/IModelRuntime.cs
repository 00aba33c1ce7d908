namespace FuncAiSecure.Core.Models;

/// <summary>Makes running models of verified folders. The catalog decides when; the inference engine implements it.</summary>
public interface IModelRuntime
{
    /// <summary>
    /// Makes a session of the bytes in <paramref name="folder"/>; nothing is read from disk again. Throws
    /// <see cref="ModelLoadException"/> where the graph does not run here or disagrees with the manifest (names, types, shapes).
    /// </summary>
    Task<ILoadedModel> LoadAsync(ModelFolder folder, CancellationToken cancellation);
}

/// <summary>A model version that can run. Shared by all requests; disposed once no lease holds it.</summary>
public interface ILoadedModel : IAsyncDisposable
{
    /// <summary>The manifest that it was loaded by.</summary>
    ModelManifest Manifest { get; }

    /// <summary>An estimate of its resident memory in bytes, for the memory budget.</summary>
    long MemoryBytes { get; }

    /// <summary>Requests that wait for a run.</summary>
    int Waiting => 0;

    /// <summary>What it has run; null where it does not count.</summary>
    RunCounts? Counts => null;

    /// <summary>
    /// Runs one golden case as a request of this model's task would run, without guards and output policy. The graph's inputs
    /// and outputs by name for models that take their tensors as they are; for models with a tokenizer one BYTES input
    /// <c>text</c> (and <c>text_pair</c> for rerank), and the task's answer as output <c>probabilities</c>, <c>embedding</c> or <c>score</c>;
    /// for token-classification one text, and its spans as <c>label</c>, <c>score</c>, <c>start</c> and <c>end</c>.
    /// </summary>
    Task<IReadOnlyList<GoldenTensor>> RunAsync(IReadOnlyList<GoldenTensor> inputs, CancellationToken cancellation);
}

/// <summary>A verified folder that the runtime could not load. The message is for operators, not for callers.</summary>
public sealed class ModelLoadException : Exception
{
    /// <summary>With a reason for operators.</summary>
    public ModelLoadException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason for operators and the runtime's own exception.</summary>
    public ModelLoadException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a reason.</summary>
    public ModelLoadException()
    {
    }
}
