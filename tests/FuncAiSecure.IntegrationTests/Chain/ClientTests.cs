using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>The clients that people have, with only a base URL and a key changed.</summary>
[Collection(ServedAppGroup.Name)]
public sealed class ClientTests(ServedApp app)
{
    [Fact]
    public async Task The_openai_client_lists_models_and_reads_our_errors()
    {
        var run = await NodeScript.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "Chain", "openai-client.mjs"),
            [NodeScript.Modules, new Uri(app.Host.BaseAddress, "v1").AbsoluteUri, app.CallerKey]);

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Output.ShouldContain("models: banking77,sms-spam,wine");
        run.Output.ShouldContain("one: wine");
        run.Output.ShouldContain("refused: 401 credential-invalid");
        run.Output.ShouldContain("missing: 404 not-found");
    }
}
