using System.Globalization;
using FuncAiSecure.Core.Guards.Injection;
using FuncAiSecure.Core.Guards.Pii;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Guards;

/// <summary>Guards for the command line: no host, no vault, so no pseudonyms and tokens.</summary>
public static class OfflineGuards
{
    private const int MaxCharacters = 1_000_000;

    /// <summary>
    /// An input guard with the classifier of a models directory, its newest version; null where there is none that can be read. Hashes
    /// are not checked: <c>models verify</c> does.
    /// </summary>
    public static InputGuard? Create(string modelsDirectory)
    {
        string model = Path.Combine(modelsDirectory, new GuardOptions().PromptModel);
        string folder = Path.Combine(model, PromptClassifierSource.Versions(model).DefaultIfEmpty().Max().ToString(CultureInfo.InvariantCulture));
        string graph = Path.Combine(folder, "model.onnx"), calibration = Path.Combine(folder, "calibration.json");
        try
        {
            return File.Exists(graph) && File.Exists(calibration)
                ? Make(PromptModel.Read(File.ReadAllBytes(graph), File.ReadAllBytes(calibration)))
                : null;
        }
        catch (Exception e) when (PromptModel.IsUnreadable(e))
        {
            return null;
        }
    }

    /// <summary>An input guard for personal data, and injection by rules alone.</summary>
    public static InputGuard WithoutClassifier() => Make(null);

    private static InputGuard Make(PromptClassifier? classifier) =>
        new(Options.Create(new GuardOptions { MaxCharacters = MaxCharacters }), new PromptClassifierSource(classifier), new NoKeys());

    private sealed class NoKeys : IGuardKeySource
    {
        public GuardKeys? Current => null;
    }
}
