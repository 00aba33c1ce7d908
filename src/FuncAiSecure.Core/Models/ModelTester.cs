using System.Collections.Immutable;
using FuncAiSecure.Core.Models.Golden;
using FuncAiSecure.Core.Models.Integrity;

namespace FuncAiSecure.Core.Models;

/// <summary>Loads a verified folder and runs its golden tests, as an instance does before it serves a version.</summary>
public static class ModelTester
{
    /// <summary>
    /// Loads and proves a folder. The model is the caller's to dispose; null where there are faults: what was wrong with the folder,
    /// why it did not load, or which golden case answered otherwise.
    /// </summary>
    public static async Task<(ILoadedModel? Model, ImmutableArray<ModelFault> Faults)> LoadAsync(
        FolderResult verified, IModelRuntime runtime, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(verified);
        ArgumentNullException.ThrowIfNull(runtime);
        if (verified.Folder is null)
        {
            return (null, verified.Faults);
        }

        ILoadedModel model;
        try
        {
            model = await runtime.LoadAsync(verified.Folder, cancellation).ConfigureAwait(false);
        }
        catch (ModelLoadException e)
        {
            return (null, [new ModelFault(ModelManifest.ModelFileName, null, e.Message)]);
        }

        var good = false;
        try
        {
            var faults = await GoldenTests.RunAsync(model, verified.Golden!, cancellation).ConfigureAwait(false);
            good = faults.IsEmpty;
            return (good ? model : null, faults);
        }
        catch (ModelLoadException e)
        {
            return (null, [new ModelFault(ModelManifest.GoldenFileName, null, e.Message)]);
        }
        finally
        {
            if (!good)
            {
                await model.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
