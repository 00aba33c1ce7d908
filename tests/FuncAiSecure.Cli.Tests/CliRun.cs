using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace FuncAiSecure.Cli.Tests;

/// <summary>One run of the command with its exit code and what it wrote.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public JsonNode Json => JsonNode.Parse(Output)!;

    /// <summary>Runs <c>funcai</c> in this process on the given settings.</summary>
    public static async Task<CliRun> RunAsync(IEnumerable<KeyValuePair<string, string?>> settings, TimeProvider time, string[] args, string input = "")
    {
        var context = new CliContext
        {
            Configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build(),
            Time = time,
            Input = new StringReader(input),
        };
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await FuncaiCommand.Create(context).Parse(args)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return new CliRun(code, output.ToString(), error.ToString());
    }

    public static Task<CliRun> RunAsync(params string[] args) => RunAsync([], TimeProvider.System, args);
}
