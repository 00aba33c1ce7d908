using System.Diagnostics;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>The clients that people have, with only a base URL and a key changed.</summary>
[Collection(ServedAppGroup.Name)]
public sealed class ClientTests(ServedApp app)
{
    [Fact]
    public async Task The_openai_client_lists_models_and_reads_our_errors()
    {
        var output = await RunNodeAsync("openai-client.mjs", new Uri(app.Host.BaseAddress, "v1").AbsoluteUri, app.CallerKey);

        output.ShouldContain("models: banking77,sms-spam,wine");
        output.ShouldContain("one: wine");
        output.ShouldContain("refused: 401 credential-invalid");
        output.ShouldContain("missing: 404 not-found");
    }

    private static async Task<string> RunNodeAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Chain", script));
        start.ArgumentList.Add(Path.Combine(Repository.Root, "eng", "node_modules"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        node.ExitCode.ShouldBe(0, await errors);
        return output;
    }
}
