using System.Diagnostics;

namespace FuncAiSecure.TestSupport;

/// <summary>How a script of Node.js ended, and what it said.</summary>
public sealed record NodeRun(int ExitCode, string Output, string Errors);

/// <summary>Runs scripts of Node.js with the repository's packages.</summary>
public static class NodeScript
{
    /// <summary>The folder of the packages in <c>eng/package.json</c>.</summary>
    public static string Modules { get; } = Path.Combine(Repository.Root, "eng", "node_modules");

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">The script's path.</param>
    /// <param name="arguments">What follows it on the command line.</param>
    /// <param name="input">What it reads from its standard input; null for nothing.</param>
    /// <param name="environment">Variables beside the inherited ones.</param>
    public static async Task<NodeRun> RunAsync(
        string script, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = node.StandardOutput.ReadToEndAsync();
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        return new NodeRun(node.ExitCode, await output, await errors);
    }
}
