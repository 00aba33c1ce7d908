using FuncAiSecure.IntegrationTests.Chain;

namespace FuncAiSecure.IntegrationTests.OpenInference;

/// <summary>The shipped models by the Open Inference Protocol, and the served OpenAPI document against it.</summary>
[Collection(ServedAppGroup.Name)]
public sealed class ShippedModelsProtocolTests(ServedApp app)
{
    private const string Models = "banking77 sms-spam wine";

    [Fact]
    public async Task Every_request_of_the_protocol_is_answered_by_its_schema()
    {
        var run = await ProtocolCheck.RunAsync(app, Models, "prompt-guard", "--description=/openapi.json");

        run.ExitCode.ShouldBe(0, run.Output + run.Errors);
        run.Output.ShouldContain($"served: {Models}\n");
    }

    [Fact]
    public async Task A_model_that_does_not_do_what_the_check_is_told_fails_it()
    {
        var run = await ProtocolCheck.RunAsync(app, "prompt-guard", "wine");

        run.ExitCode.ShouldBe(1, run.Output);
        run.Errors.ShouldContain("POST /v2/models/prompt-guard/infer (no optional member): status ");
        run.Errors.ShouldContain("POST /v2/models/wine/infer (no optional member): status 200 for what must be refused");
    }
}
