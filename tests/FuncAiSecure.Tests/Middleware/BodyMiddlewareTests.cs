using System.IO.Pipelines;
using FuncAiSecure.Core;
using FuncAiSecure.Functions;
using FuncAiSecure.Http;
using FuncAiSecure.Middleware;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Tests.Middleware;

/// <summary>How many bodies of one caller may be on their way, with bodies that come when the test says so.</summary>
public sealed class BodyMiddlewareTests
{
    private readonly BodyMiddleware _stage = new(Options.Create(new TransportOptions { MaxOpenBodies = 1 }));

    [Fact]
    public async Task Body_beyond_those_on_their_way_is_refused_at_once()
    {
        using var first = new SlowRequest(_stage);
        using var second = new SlowRequest(_stage);

        await second.Done;

        second.State.Refusal!.Code.ShouldBe(RefusalCode.ConcurrencyExceeded);
        first.Done.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Refused_body_leaves_the_place_of_the_other_alone()
    {
        using var first = new SlowRequest(_stage);
        using var second = new SlowRequest(_stage);
        await second.Done;

        using var third = new SlowRequest(_stage);
        await third.Done;

        third.State.Refusal!.Code.ShouldBe(RefusalCode.ConcurrencyExceeded);
    }

    [Theory]
    [InlineData("""{"model": "sms-spam", "input": "hello"}""", null)]
    [InlineData("\xFF", RefusalCode.MalformedRequest)]
    public async Task Body_that_has_come_gives_its_place_back(string body, RefusalCode? refusal)
    {
        for (var turn = 0; turn < 3; turn++)
        {
            using var request = new SlowRequest(_stage);
            await request.SendAsync(body);
            await request.Done;

            (request.State.Refusal?.Code).ShouldBe(refusal);
            request.State.Passed.HasFlag(Stages.Body).ShouldBe(refusal is null);
        }
    }

    [Fact]
    public async Task Body_that_breaks_off_gives_its_place_back()
    {
        for (var turn = 0; turn < 3; turn++)
        {
            using var request = new SlowRequest(_stage);
            await request.BreakAsync();
            await request.Done;

            request.State.Refusal!.Code.ShouldBe(RefusalCode.MalformedRequest);
        }
    }

    /// <summary>A request whose body has not begun to come.</summary>
    private sealed class SlowRequest : IRequestBodyPipeFeature, IDisposable
    {
        private readonly Pipe _pipe = new();

        public SlowRequest(BodyMiddleware stage)
        {
            State = GuardServices.Request(nameof(TextFunctions.Classify), "");
            State.Http.Request.Method = "POST";
            State.Http.Features.Set<IRequestBodyPipeFeature>(this);
            Done = stage.Invoke(State.Invocation, _ => Task.CompletedTask);
        }

        public RequestState State { get; }

        public Task Done { get; }

        public PipeReader Reader => _pipe.Reader;

        public async Task SendAsync(string body)
        {
            await _pipe.Writer.WriteAsync(System.Text.Encoding.Latin1.GetBytes(body));
            await _pipe.Writer.CompleteAsync();
        }

        public ValueTask BreakAsync() => _pipe.Writer.CompleteAsync(new IOException("gone"));

        public void Dispose() => State.Dispose();
    }
}
