using System.CommandLine;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Models.Integrity;

namespace FuncAiSecure.Cli.Commands.Models;

/// <summary><c>funcai models add</c>: copies a folder into the models directory once it has proven itself.</summary>
internal static class AddModel
{
    public static Command Create(CliContext context)
    {
        var folder = new Argument<string>("folder") { Description = "The version's folder" };
        var directory = ModelSettings.Directory();
        var keys = ModelSettings.PublicKeys();
        var command = new Command("add", "Copy a version into the models directory after verifying and testing it; it serves once it is promoted") { folder, directory, keys };
        command.SetAction((parsed, cancellation) =>
        {
            var output = context.Open(parsed);
            return ModelSettings.GuardAsync(output, async () =>
            {
                var path = Path.GetFullPath(parsed.GetRequiredValue(folder));
                var result = await ModelFolderReader.ReadAsync(path, context.Trust(parsed.GetValue(keys)), cancellation);
                await using var engine = TestModels.Engine(context);
                var faults = await TestModels.ProveAsync(engine, result, cancellation);
                if (faults.Count > 0)
                {
                    return ModelSettings.Finish(output, [ModelSettings.Report(path, result, faults)]);
                }

                var home = context.Directory(parsed.GetValue(directory));
                if (await ModelInstaller.InstallAsync(result.Folder!, home, cancellation) is not { } added)
                {
                    return output.Fail($"{result.Manifest!.Name} version {result.Manifest.Version} is there already; give changed content a new version");
                }

                output.Write(new JsonObject
                {
                    ["model"] = result.Manifest!.Name,
                    ["version"] = result.Manifest.Version,
                    ["added"] = Path.GetRelativePath(Environment.CurrentDirectory, added),
                });
                return 0;
            });
        });
        return command;
    }
}
