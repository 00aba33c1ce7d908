using System.CommandLine;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Models.Integrity;

namespace FuncAiSecure.Cli.Commands.Models;

/// <summary><c>funcai models verify</c>: hashes, manifest, signature and graph, without running anything.</summary>
internal static class VerifyModels
{
    public static Command Create(CliContext context)
    {
        var folders = new Argument<string[]>("folder") { Description = "Version folders, or directories of models", Arity = ArgumentArity.OneOrMore };
        var keys = ModelSettings.PublicKeys();
        var command = new Command("verify", "Check that folders are what their manifests and signatures say") { folders, keys };
        command.SetAction((parsed, cancellation) =>
        {
            var output = context.Open(parsed);
            return ModelSettings.GuardAsync(output, async () =>
            {
                var trust = context.Trust(parsed.GetValue(keys));
                var reports = new List<JsonObject>();
                foreach (var folder in parsed.GetRequiredValue(folders).SelectMany(ModelSettings.VersionFolders))
                {
                    var result = await ModelFolderReader.ReadAsync(folder, trust, cancellation);
                    reports.Add(ModelSettings.Report(folder, result, result.Faults));
                }

                return ModelSettings.Finish(output, reports);
            });
        });
        return command;
    }
}
