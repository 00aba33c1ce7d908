using FuncAiSecure.Core;
using FuncAiSecure.Hosting;
using FuncAiSecure.Http;
using FuncAiSecure.Middleware;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Tests.Hosting;

/// <summary>What the app's own check at start makes of its controls' answers; event 8020 wakes an operator at night.</summary>
public sealed class SelfCheckTests
{
    [Theory]
    [InlineData(RefusalCode.DependencyUnavailable)]
    [InlineData(RefusalCode.ModelNotReady)]
    public async Task What_is_away_is_waited_for_and_raises_no_alarm(RefusalCode away) =>
        (await AskThriceAsync(away)).ShouldBe($"8021 Self-check over quota waits for what it needs: {away}{Environment.NewLine}");

    [Theory]
    [InlineData(null, "an answer")]
    [InlineData(RefusalCode.InternalError, "InternalError")]
    [InlineData(RefusalCode.NotFound, "NotFound")]
    public async Task A_control_that_does_not_refuse_as_it_must_is_an_alarm_told_once(RefusalCode? actual, string told) =>
        (await AskThriceAsync(actual)).ShouldBe($"8020 Self-check over quota: expected the refusal QuotaExceeded, got {told}{Environment.NewLine}");

    [Fact]
    public async Task What_was_away_and_then_fails_is_an_alarm_all_the_same()
    {
        var log = new LogText<SelfCheck>();
        var stage = new Answering { Code = RefusalCode.DependencyUnavailable };
        var check = CheckOf(stage, log);
        await check.IsReadyAsync(CancellationToken.None);

        stage.Code = null;
        (await check.IsReadyAsync(CancellationToken.None)).ShouldBeFalse();
        stage.Code = RefusalCode.DependencyUnavailable;
        await check.IsReadyAsync(CancellationToken.None);

        log.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(line => line[..4]).ShouldBe(["8021", "8020", "8021"]);
    }

    [Fact]
    public async Task A_question_that_was_cut_off_says_nothing_of_a_control()
    {
        var log = new LogText<SelfCheck>();
        using var late = new CancellationTokenSource();
        var stage = new Answering { Before = () => late.Cancel() };
        var check = CheckOf(stage, log);

        await Should.ThrowAsync<OperationCanceledException>(check.IsReadyAsync(late.Token).AsTask());

        log.ToString().ShouldBeEmpty();
        (await check.IsReadyAsync(CancellationToken.None)).ShouldBeFalse();
        log.ToString().ShouldStartWith("8020");
    }

    private static async Task<string> AskThriceAsync(RefusalCode? answer)
    {
        var log = new LogText<SelfCheck>();
        var check = CheckOf(new Answering { Code = answer }, log);
        for (var i = 0; i < 3; i++)
        {
            (await check.IsReadyAsync(CancellationToken.None)).ShouldBeFalse();
        }

        return log.ToString();
    }

    // Every stage but the outermost, which keeps the request's state, answers as the test says.
    private static SelfCheck CheckOf(Answering stage, LogText<SelfCheck> log)
    {
        var worker = new PipelineTests.WorkerBuilder();
        Pipeline.Use(worker);
        var pipeline = worker.Services.BuildServiceProvider().GetRequiredService<Pipeline>();
        var services = new ServiceCollection();
        foreach (var type in pipeline.Stages)
        {
            services.AddSingleton(type, _ => stage);
        }

        services.AddSingleton(new ErrorMiddleware(TimeProvider.System, NullLogger<ErrorMiddleware>.Instance));
        return new SelfCheck(services.BuildServiceProvider(), pipeline, log);
    }

    private sealed class Answering : IFunctionsWorkerMiddleware
    {
        public RefusalCode? Code { get; set; }

        public Action? Before { get; init; }

        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            Before?.Invoke();
            context.CancellationToken.ThrowIfCancellationRequested();
            if (Code is { } code)
            {
                context.Request().Refuse(new Refusal(code));
                return Task.CompletedTask;
            }

            return next(context);
        }
    }
}
