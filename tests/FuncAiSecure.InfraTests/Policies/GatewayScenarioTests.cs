using FuncAiSecure.InfraTests.Gateway;

namespace FuncAiSecure.InfraTests.Policies;

public class GatewayScenarioTests
{
    public static TheoryData<string> Names => [.. GatewayScenarios.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gateway(string scenario) => GatewayScenarios.All[scenario](TestGateway.Create());

    [Theory]
    [InlineData("/v1/classify", "classify", false)]
    [InlineData("/v1/classify", "classify", true)]
    [InlineData("/v2/models/m/infer", "modelInfer", false)]
    [InlineData("/manage/keys", "createKey", true)]
    public void Any_policy_that_fails_unexpectedly_keeps_the_request_from_the_app(string path, string operation, bool withToken)
    {
        var headers = withToken ? TestGateway.Request(("x-api-key", ""), ("Authorization", "Bearer good")).Headers : TestGateway.Request().Headers;
        var request = new GatewayRequest { Path = path, Operation = operation, Headers = headers };
        var probe = TestGateway.Create();
        probe.Send(request).Status.ShouldBe(200);
        probe.State.InboundSteps.ShouldBeGreaterThan(80);

        for (var step = 0; step < probe.State.InboundSteps; step++)
        {
            var gateway = TestGateway.Create();
            gateway.State.FailAtStep = step;
            gateway.Send(request).Status.ShouldBe(500, $"step {step}");
            gateway.State.BackendCalls.ShouldBeEmpty($"step {step}");
        }
    }

    [Fact]
    public void Without_front_door_no_header_is_believed()
    {
        var gateway = TestGateway.WithoutFrontDoor();
        foreach (var id in new[] { "none", "NONE", TestGateway.FrontDoorId })
        {
            gateway.Send(TestGateway.Request(("X-Azure-FDID", id), ("X-Azure-SocketIP", "203.0.113.9"))).Status.ShouldBe(403, id);
        }

        gateway.State.BackendCalls.ShouldBeEmpty();
        gateway.Send(TestGateway.Request(("X-Azure-FDID", ""), ("X-Azure-SocketIP", "203.0.113.9"))).Status.ShouldBe(200);
        gateway.State.BackendCalls[^1].Headers["x-gateway-client-address"].ShouldBe(["10.1.2.3"]);
    }
}
