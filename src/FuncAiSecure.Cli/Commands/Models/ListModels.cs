using System.CommandLine;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Integrity;
using FuncAiSecure.Core.Models.Promotion;

namespace FuncAiSecure.Cli.Commands.Models;

/// <summary><c>funcai models list</c>: versions in the models directory, and which of them serve.</summary>
internal static class ListModels
{
    public static Command Create(CliContext context)
    {
        var directory = ModelSettings.Directory();
        var history = new Option<string?>("--history") { Description = "Show the promotions of this model instead, newest first" };
        var local = new Option<bool>("--local") { Description = "Look at folders only, not at the storage" };
        var command = new Command("list", "List versions, what is wrong with them, and which serve") { directory, history, local };
        command.SetAction((parsed, cancellation) =>
        {
            var output = context.Open(parsed);
            return ModelSettings.GuardAsync(output, async () =>
            {
                if (parsed.GetValue(history) is { } model)
                {
                    output.Write([.. (await context.Promotions().ReadHistoryAsync(model, 50, cancellation)).Select(ModelSettings.Row)]);
                    return 0;
                }

                var promoted = parsed.GetValue(local) ? new CurrentPromotions([], []) : await context.Promotions().ReadCurrentAsync(cancellation);
                var rows = new List<JsonObject>();
                foreach (var folder in ModelSettings.VersionFolders(context.Directory(parsed.GetValue(directory))))
                {
                    rows.Add(Row(await ModelFolderReader.ReadAsync(folder, context.Trust([]), cancellation), folder, promoted));
                }

                output.Write(rows);
                return 0;
            });
        });
        return command;
    }

    private static JsonObject Row(FolderResult result, string folder, CurrentPromotions promoted)
    {
        var version = result.Manifest?.Version;
        return new JsonObject
        {
            ["model"] = result.Manifest?.Name ?? Path.GetRelativePath(Environment.CurrentDirectory, folder),
            ["version"] = version,
            ["task"] = result.Manifest?.Task.ToString(),
            ["promoted"] = result.Manifest is { } manifest ? Share(promoted, manifest) : null,
            ["signedBy"] = result.Folder?.SignedBy,
            ["state"] = result.Faults.IsEmpty ? "good" : result.Faults[0].ToString(),
        };
    }

    private static string? Share(CurrentPromotions promoted, ModelManifest manifest) => promoted.Of(manifest.Name) switch
    {
        null => promoted.Unreadable.Contains(manifest.Name) ? "cannot be read" : null,
        var current when manifest.Version == current.Version => $"{100 - current.CanaryPercent} %",
        var current when manifest.Version == current.CanaryVersion => $"{current.CanaryPercent} %",
        _ => null,
    };
}
