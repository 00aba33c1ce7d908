using System.Collections.Immutable;
using FuncAiSecure.Core.Models.Golden;
using FuncAiSecure.Core.Models.Integrity;

namespace FuncAiSecure.Core.Models.Serving;

/// <summary>The way from a folder to a model that may serve: verify, load, prove by golden tests, warm up.</summary>
internal sealed class ModelLoader(IModelRuntime runtime, ModelTrust trust)
{
    private const int WarmUpRuns = 2;

    /// <summary>Verifies a folder without loading it.</summary>
    public Task<FolderResult> VerifyAsync(string directory, CancellationToken cancellation) =>
        ModelFolderReader.ReadAsync(directory, trust, cancellation);

    /// <summary>Loads a verified folder; faults where it does not load or does not do what its golden tests expect.</summary>
    public async Task<(ILoadedModel? Model, ImmutableArray<ModelFault> Faults)> LoadAsync(FolderResult verified, CancellationToken cancellation)
    {
        ILoadedModel model;
        try
        {
            model = await runtime.LoadAsync(verified.Folder!, cancellation).ConfigureAwait(false);
        }
        catch (ModelLoadException e)
        {
            return (null, [new ModelFault(ModelManifest.ModelFileName, null, e.Message)]);
        }

        try
        {
            var faults = await GoldenTests.RunAsync(model, verified.Golden!, cancellation).ConfigureAwait(false);
            for (var run = 0; faults.IsEmpty && run < WarmUpRuns; run++)
            {
                faults = await GoldenTests.RunAsync(model, verified.Golden!, cancellation).ConfigureAwait(false);
            }

            if (faults.IsEmpty)
            {
                var kept = model;
                model = null!;
                return (kept, []);
            }

            return (null, faults);
        }
        catch (ModelLoadException e)
        {
            return (null, [new ModelFault(ModelManifest.GoldenFileName, null, e.Message)]);
        }
        finally
        {
            if (model is not null)
            {
                await model.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
