using FuncAiSecure.IntegrationTests.Routes;

namespace FuncAiSecure.IntegrationTests.OpenInference;

/// <summary>Models of every datatype, of several inputs, outputs and versions, and behind policies, by the Open Inference Protocol.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class TestModelsProtocolTests(RouteApp app)
{
    private const string Models = "echo encoder guarded log ranker revised slow two types";

    [Fact]
    public async Task Every_request_of_the_protocol_is_answered_by_its_schema()
    {
        var run = await ProtocolCheck.RunAsync(app.App, Models, "guarded-encoder halves held words");

        run.ExitCode.ShouldBe(0, run.Output + run.Errors);
        run.Output.ShouldContain($"served: {Models}\n");
        run.Output.ShouldContain("datatypes in: BOOL BYTES FP32 FP64 INT16 INT32 INT64 INT8 UINT16 UINT32 UINT64 UINT8\n");
        run.Output.ShouldContain("datatypes out: BOOL BYTES FP16 FP32 FP64 INT16 INT32 INT64 INT8 UINT16 UINT32 UINT64 UINT8\n");
    }
}
