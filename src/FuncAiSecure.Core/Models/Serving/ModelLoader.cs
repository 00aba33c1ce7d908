using System.Collections.Immutable;
using FuncAiSecure.Core.Models.Golden;
using FuncAiSecure.Core.Models.Integrity;

namespace FuncAiSecure.Core.Models.Serving;

/// <summary>The way from a folder to a model that may serve: verify, load, prove by golden tests, warm up.</summary>
internal sealed class ModelLoader(IModelRuntime runtime, ModelTrust trust)
{
    // The golden cases once more: they are of the model's own shapes, and the first run has only just found its memory.
    private const int WarmUpRuns = 2;

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

        try
        {
            for (var run = 0; run < WarmUpRuns; run++)
            {
                await GoldenTests.RunAsync(model, verified.Golden!, cancellation).ConfigureAwait(false);
            }

            return (model, faults);
        }
        catch
        {
            await model.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
