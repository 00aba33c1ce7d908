namespace FuncAiSecure.TestSupport;

/// <summary>The npm package @redocly/cli on an OpenAPI document.</summary>
public static class OpenApiLinter
{
    /// <summary>Lints a document; the run's output is the report as JSON.</summary>
    public static async Task<NodeRun> RunAsync(byte[] document)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".json");
        await File.WriteAllBytesAsync(file, document);
        try
        {
            return await NodeScript.RunAsync(
                Path.Combine(NodeScript.Modules, "@redocly", "cli", "bin", "cli.js"),
                ["lint", "--extends=recommended", "--max-problems=50", "--format=json", file],
                environment: new Dictionary<string, string> { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" });
        }
        finally
        {
            File.Delete(file);
        }
    }
}
