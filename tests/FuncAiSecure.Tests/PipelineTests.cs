using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Hosting;
using FuncAiSecure.Http;
using FuncAiSecure.Middleware;
using FuncAiSecure.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Endpoint = FuncAiSecure.Http.Endpoint;

namespace FuncAiSecure.Tests;

public sealed class PipelineTests
{
    [Fact]
    public void The_stages_stand_in_their_order()
    {
        var worker = new WorkerBuilder();

        Pipeline.Use(worker);

        using var services = worker.Services.BuildServiceProvider();
        services.GetRequiredService<Pipeline>().Stages.ShouldBe(
        [
            typeof(ErrorMiddleware), typeof(TelemetryMiddleware), typeof(AuditMiddleware), typeof(TransportMiddleware),
            typeof(IdentityMiddleware), typeof(BodyMiddleware), typeof(AccessMiddleware), typeof(QuotaMiddleware), typeof(SchemaMiddleware),
            typeof(InputGuardMiddleware), typeof(InferenceMiddleware), typeof(OutputGuardMiddleware),
        ]);
        worker.Count.ShouldBe(12);
    }

    public static TheoryData<string> StagesBeforeInference =>
        [.. Enum.GetValues<Stages>().Where(stage => stage != Stages.None && int.IsPow2((int)stage) && Stages.BeforeInference.HasFlag(stage)).Select(stage => stage.ToString())];

    [Theory]
    [MemberData(nameof(StagesBeforeInference))]
    public async Task No_model_runs_for_a_request_that_missed_a_stage(string missed)
    {
        var protocol = new CountingProtocol();
        using var state = StateOf(protocol);
        state.Passed = Stages.BeforeInference & ~Enum.Parse<Stages>(missed);

        await new InferenceMiddleware().Invoke(state.Invocation, _ => Task.CompletedTask);

        protocol.Runs.ShouldBe(0);
        state.Refusal!.Code.ShouldBe(RefusalCode.InternalError);
    }

    [Fact]
    public async Task A_model_runs_for_a_request_that_passed_them_all()
    {
        var protocol = new CountingProtocol();
        using var state = StateOf(protocol);
        state.Passed = Stages.BeforeInference;

        await new InferenceMiddleware().Invoke(state.Invocation, _ => Task.CompletedTask);

        protocol.Runs.ShouldBe(1);
        state.Refusal.ShouldBeNull();
    }

    private static RequestState StateOf(InferenceProtocol protocol)
    {
        var invocation = new SelfCheckInvocation(SelfCheckProbe.All[0], new ServiceCollection().BuildServiceProvider(), default);
        var endpoint = new Endpoint("Any", ApiFamily.OpenAi, "any") { Action = AccessAction.Infer, Protocol = () => protocol };
        var state = new RequestState((HttpContext)invocation.Items["HttpRequestContext"], invocation, endpoint, TimeProvider.System);
        invocation.Hold(state);
        return state;
    }

    private sealed class CountingProtocol : InferenceProtocol
    {
        public int Runs { get; private set; }

        public override IReadOnlyList<string> Texts => [];

        public override void Replace(int index, string text) => throw new NotSupportedException();

        public override Refusal? Bind(RequestState state, TransportOptions limits) => null;

        public override ValueTask<Refusal?> RunAsync(RequestState state)
        {
            Runs++;
            return default;
        }

        public override void Write(RequestState state)
        {
        }
    }

    private sealed class WorkerBuilder : IFunctionsWorkerApplicationBuilder
    {
        public int Count { get; private set; }

        public IServiceCollection Services { get; } = new ServiceCollection();

        public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
        {
            Count++;
            return this;
        }
    }
}
