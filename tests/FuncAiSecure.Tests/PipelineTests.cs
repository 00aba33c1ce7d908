using System.Buffers;
using System.Text;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Hosting;
using FuncAiSecure.Http;
using FuncAiSecure.Middleware;
using FuncAiSecure.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
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

        await new InferenceMiddleware(NullLogger<InferenceMiddleware>.Instance).Invoke(state.Invocation, _ => Task.CompletedTask);

        protocol.Runs.ShouldBe(0);
        state.Refusal!.Code.ShouldBe(RefusalCode.InternalError);
    }

    [Fact]
    public async Task A_model_runs_for_a_request_that_passed_them_all()
    {
        var protocol = new CountingProtocol();
        using var state = StateOf(protocol);
        state.Passed = Stages.BeforeInference;

        await new InferenceMiddleware(NullLogger<InferenceMiddleware>.Instance).Invoke(state.Invocation, _ => Task.CompletedTask);

        protocol.Runs.ShouldBe(1);
        state.Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task An_operator_is_told_what_a_model_did_wrong_and_its_caller_is_not()
    {
        var log = new LogText<InferenceMiddleware>();
        using var state = StateOf(new CountingProtocol { Answer = OutputContract.Broken("output y is [1] for 2 texts") });
        state.Passed = Stages.BeforeInference;

        await new InferenceMiddleware(log).Invoke(state.Invocation, _ => Task.CompletedTask);

        log.ToString().ShouldStartWith($"3020 Request {state.RequestId}: ");
        log.ToString().ShouldEndWith($" broke its contract: output y is [1] for 2 texts{Environment.NewLine}");
        var problem = new ArrayBufferWriter<byte>();
        ProblemWriter.Write(problem, state.Refusal!, ApiFamily.OpenAi, state.RequestId, "");
        Encoding.UTF8.GetString(problem.WrittenSpan).ShouldContain("output-blocked");
        Encoding.UTF8.GetString(problem.WrittenSpan).ShouldNotContain("output y");
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

        public Refusal? Answer { get; init; }

        public override IReadOnlyList<string> Texts => [];

        public override void Replace(int index, string text) => throw new NotSupportedException();

        public override Refusal? Bind(RequestState state, TransportOptions limits) => null;

        public override ValueTask<Refusal?> RunAsync(RequestState state)
        {
            Runs++;
            return new(Answer);
        }

        public override void Write(RequestState state)
        {
        }
    }

    internal sealed class WorkerBuilder : IFunctionsWorkerApplicationBuilder
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
