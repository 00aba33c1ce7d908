using System.Collections.Immutable;
using System.Threading.Channels;
using FuncAiSecure.Core.Models.Golden;
using FuncAiSecure.Core.Models.Integrity;

namespace FuncAiSecure.Core.Models.Serving;

/// <summary>The way from a folder to a model that may serve: verify, load, prove by golden tests, warm up.</summary>
internal sealed class ModelLoader(IModelRuntime runtime, ModelTrust trust, int memoryBudgetMiB)
{
    // The golden cases once more: they are of the model's own shapes, and the first run has only just found its memory.
    private const int WarmUpRuns = 2;

    // A version that is read or loaded holds its files in memory, up to twice, and a core. One that is slow leaves a place for the others.
    private const int Places = 2;

    private readonly Channel<Place> _places = Free();

    /// <summary>Waits for one of the places in which folders are read and loaded; whoever disposes it leaves it to the next.</summary>
    public async Task<IDisposable> EnterAsync() => await _places.Reader.ReadAsync().ConfigureAwait(false);

    /// <summary>Opens a folder's manifest and reads nothing. What is wrong with a folder that answers is told when it is verified.</summary>
    public static void Touch(string directory)
    {
        try
        {
            if (FolderListing.Read(directory, []).TryGetValue(ModelManifest.FileName, out var manifest))
            {
                manifest.OpenRead().Dispose();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It answers.
        }
    }

    /// <summary>Verifies a folder without loading it.</summary>
    public Task<FolderResult> VerifyAsync(string directory, CancellationToken cancellation) =>
        ModelFolderReader.ReadAsync(directory, trust, cancellation);

    /// <summary>Loads a verified folder; faults where it does not load or does not do what its golden tests expect.</summary>
    public async Task<(ILoadedModel? Model, ImmutableArray<ModelFault> Faults)> LoadAsync(FolderResult verified, CancellationToken cancellation)
    {
        var (model, faults) = await ModelTester.LoadAsync(verified, runtime, cancellation).ConfigureAwait(false);
        if (model is null)
        {
            return (null, faults);
        }

        var good = false;
        try
        {
            // It would have every other session leave, and leave itself, with each request.
            if (model.MemoryBytes > (long)memoryBudgetMiB << 20)
            {
                var needed = (model.MemoryBytes + (1 << 20) - 1) >> 20;
                return (null, [new ModelFault(ModelManifest.ModelFileName, null, $"needs {needed} MiB of memory, and MemoryBudgetMiB is {memoryBudgetMiB} for all models")]);
            }

            for (var run = 0; run < WarmUpRuns; run++)
            {
                await GoldenTests.RunAsync(model, verified.Golden!, cancellation).ConfigureAwait(false);
            }

            good = true;
            return (model, faults);
        }
        finally
        {
            if (!good)
            {
                await model.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static Channel<Place> Free()
    {
        var places = Channel.CreateUnbounded<Place>();
        for (var i = 0; i < Places; i++)
        {
            places.Writer.TryWrite(new Place(places.Writer));
        }

        return places;
    }

    private sealed class Place(ChannelWriter<Place> free) : IDisposable
    {
        public void Dispose() => free.TryWrite(this);
    }
}
