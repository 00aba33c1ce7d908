using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Integrity;
using FuncAiSecure.Core.Models.Promotion;
using FuncAiSecure.Core.Storage;

namespace FuncAiSecure.Cli.Commands.Models;

/// <summary>What the model commands share: options, folders, trust and how faults are written.</summary>
internal static class ModelSettings
{
    /// <summary>The application's own model options, without its defaults for a server's folder.</summary>
    public static ModelOptions Options(this CliContext context) =>
        context.Configuration.ReadSettings<ModelOptions>(ModelOptions.SectionName);

    /// <summary>The store that the instances follow.</summary>
    public static IPromotionStore Promotions(this CliContext context) =>
        PromotionStores.OnTables(StorageServiceCollectionExtensions.CreateClient(context.Configuration), context.Options());

    /// <summary><c>--public-key</c>, which adds to the configured keys and asks for a signature.</summary>
    public static Option<string[]> PublicKeys() => new("--public-key")
    {
        Description = "A PEM file with a public key; a signature by it or a configured key is then required. Repeat for more",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary><c>--directory</c>.</summary>
    public static Option<string?> Directory() => new("--directory") { Description = "The models directory; the configured one, or ./models, if absent" };

    /// <summary><c>--by</c>.</summary>
    public static Option<string> By() => new("--by")
    {
        Description = "Who does it, for the history",
        DefaultValueFactory = _ => $"operator:{Environment.UserName}",
    };

    /// <summary>The models directory.</summary>
    public static string Directory(this CliContext context, string? given) => Path.GetFullPath(given ?? context.Options().Directory);

    /// <summary>
    /// Whose signatures count here: configured keys and given ones. Without any, an unsigned folder is taken unless the
    /// configuration says that signatures are required.
    /// </summary>
    public static ModelTrust Trust(this CliContext context, string[]? keyFiles)
    {
        var options = context.Options();
        foreach (var file in keyFiles ?? [])
        {
            options.PublicKeyFiles.Add(file);
        }

        var said = bool.TryParse(context.Configuration.GetSection(ModelOptions.SectionName)[nameof(ModelOptions.RequireSignatures)], out var required);
        options.RequireSignatures = keyFiles is { Length: > 0 } || (said ? required : options.PublicKeys.Count + options.PublicKeyFiles.Count > 0);
        return ModelTrust.FromOptions(options, Environment.CurrentDirectory);
    }

    /// <summary>Version folders: the path itself, or every NAME/VERSION below it, also one that lacks its manifest.</summary>
    public static IReadOnlyList<string> VersionFolders(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(Path.Combine(full, ModelManifest.FileName)) || !System.IO.Directory.Exists(full))
        {
            return [full];
        }

        var children = System.IO.Directory.GetDirectories(full);
        string[] below = [.. System.IO.Directory.EnumerateFiles(full, ModelManifest.FileName, SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!)
            .Union(children.Concat(children.SelectMany(System.IO.Directory.GetDirectories)).Where(IsVersion))
            .Order(StringComparer.Ordinal)];
        return below.Length == 0 && IsVersion(full) ? [full] : below;
    }

    // An instance takes such a folder for a version, whatever is in it.
    private static bool IsVersion(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0;

    /// <summary>Says what came of a folder.</summary>
    public static JsonObject Report(string folder, FolderResult result, IEnumerable<ModelFault> faults)
    {
        var list = faults.Select(fault => (JsonNode)fault.ToString()).ToArray();
        return new JsonObject
        {
            ["folder"] = Path.GetRelativePath(Environment.CurrentDirectory, folder),
            ["model"] = result.Manifest?.Name,
            ["version"] = result.Manifest?.Version,
            ["signedBy"] = result.Folder?.SignedBy,
            ["ok"] = list.Length == 0,
            ["faults"] = new JsonArray(list),
        };
    }

    /// <summary>Writes reports; 1 where any folder has a fault, or where there was none.</summary>
    public static int Finish(CliOutput output, IReadOnlyList<JsonObject> reports)
    {
        output.Write(reports);
        return reports.Count > 0 && reports.All(report => report["ok"]!.GetValue<bool>()) ? 0 : 1;
    }

    /// <summary>Reads a promotion as a table row.</summary>
    public static JsonObject Row(Promotion promotion) => new()
    {
        ["model"] = promotion.Model,
        ["entry"] = promotion.Sequence,
        ["version"] = promotion.Version,
        ["before"] = promotion.PreviousVersion,
        ["canary"] = promotion.CanaryVersion,
        ["percent"] = promotion.CanaryPercent,
        ["rollback"] = promotion.IsRollback,
        ["by"] = promotion.By,
        ["at"] = promotion.At.ToString("u"),
    };

    /// <summary>Runs a command body; what the operator gave wrongly becomes one line instead of a stack trace.</summary>
    public static async Task<int> GuardAsync(CliOutput output, Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException or InvalidOperationException or PromotionStoreException)
        {
            return output.Fail(e.Message);
        }
    }

    /// <summary>The refusal of an actor that cannot be.</summary>
    public const string NotAnActor = $"--by must be {PrincipalId.Form}";

    /// <summary>Who acts; null where the text is no principal.</summary>
    public static PrincipalId? Actor(string text) => PrincipalId.TryParse(text, out var id) ? id : null;
}
