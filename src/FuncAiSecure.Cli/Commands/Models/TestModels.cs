using System.CommandLine;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Integrity;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Cli.Commands.Models;

/// <summary><c>funcai models test</c>: verifies folders, loads them and runs their golden tests, as an instance does before it serves.</summary>
internal static class TestModels
{
    public static Command Create(CliContext context)
    {
        var folders = new Argument<string[]>("folder") { Description = "Version folders, or directories of models", Arity = ArgumentArity.OneOrMore };
        var keys = ModelSettings.PublicKeys();
        var command = new Command("test", "Verify folders, load them and run their golden tests") { folders, keys };
        command.SetAction((parsed, cancellation) =>
        {
            var output = context.Open(parsed);
            return ModelSettings.GuardAsync(output, async () =>
            {
                var trust = context.Trust(parsed.GetValue(keys));
                await using var engine = Engine(context);
                var reports = new List<JsonObject>();
                foreach (var folder in parsed.GetRequiredValue(folders).SelectMany(ModelSettings.VersionFolders))
                {
                    var result = await ModelFolderReader.ReadAsync(folder, trust, cancellation);
                    reports.Add(ModelSettings.Report(folder, result, await ProveAsync(engine, result, cancellation)));
                }

                return ModelSettings.Finish(output, reports);
            });
        });
        return command;
    }

    /// <summary>The application's own inference engine.</summary>
    public static ServiceProvider Engine(CliContext context) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(context.Time)
        .AddInference(context.Configuration)
        .BuildServiceProvider();

    /// <summary>Loads a verified folder and runs its golden tests; the faults.</summary>
    public static async Task<IReadOnlyList<ModelFault>> ProveAsync(ServiceProvider engine, FolderResult verified, CancellationToken cancellation)
    {
        if (verified.Folder is null)
        {
            return verified.Faults;
        }

        var (model, faults) = await ModelTester.LoadAsync(verified, engine.GetRequiredService<IModelRuntime>(), cancellation);
        await using (model)
        {
            return faults;
        }
    }
}
