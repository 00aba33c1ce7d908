using System.Net;
using System.Net.Sockets;
using FuncAiSecure.LocalHost.Settings;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Tests.LocalHost;

public class LifetimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Caller_that_leaves_cancels_the_invocation()
    {
        using var gate = new SampleFunctions.Gate();
        await using var host = await Start(gate);
        using var leaving = new CancellationTokenSource();
        var request = host.Client.GetAsync("/Wait", leaving.Token);
        (await gate.Entered.WaitAsync(Patience)).ShouldBeTrue();

        await leaving.CancelAsync();

        await gate.Cancelled.Task.WaitAsync(Patience);
        await Should.ThrowAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task Stop_waits_for_running_requests_and_takes_no_new_ones()
    {
        using var gate = new SampleFunctions.Gate();
        await using var host = await Start(gate);
        var running = host.GetAsync("/Wait");
        (await gate.Entered.WaitAsync(Patience)).ShouldBeTrue();

        var stop = host.Host.StopAsync();
        await WaitUntilRefused(host.Client.BaseAddress!);
        stop.IsCompleted.ShouldBeFalse();
        gate.Leave.SetResult();

        (await running).ShouldBe((200, "done"));
        await stop.WaitAsync(Patience);
    }

    [Fact]
    public async Task Stop_cancels_what_outlasts_the_drain()
    {
        using var gate = new SampleFunctions.Gate();
        await using var host = await Start(gate, drain: TimeSpan.FromMilliseconds(50));
        var running = host.GetAsync("/Wait");
        (await gate.Entered.WaitAsync(Patience)).ShouldBeTrue();

        await host.Host.StopAsync().WaitAsync(Patience);

        await gate.Cancelled.Task.WaitAsync(Patience);
        await Should.ThrowAsync<HttpRequestException>(() => running);
    }

    [Fact]
    public async Task Request_past_the_outstanding_bound_is_429()
    {
        using var gate = new SampleFunctions.Gate();
        await using var host = await Start(gate, RunningHost.NoPrefix with { MaxOutstandingRequests = 2, MaxConcurrentRequests = 1 });
        var first = host.GetAsync("/Wait");
        (await gate.Entered.WaitAsync(Patience)).ShouldBeTrue();
        var second = host.GetAsync("/Wait");
        await Wait.UntilAsync("two requests are outstanding", () => host.Host.OutstandingRequests == 2);

        using var third = await host.Client.GetAsync("/Wait");

        third.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        third.Headers.GetValues("X-FUNCTION-SCALEOUT").ShouldBe(["1"]);
        third.Headers.RetryAfter.ShouldBeNull();
        gate.Entered.CurrentCount.ShouldBe(0);
        gate.Leave.SetResult();
        (await first).Status.ShouldBe(200);
        (await second).Status.ShouldBe(200);
        await Wait.UntilAsync("no request is outstanding", () => host.Host.OutstandingRequests == 0);
    }

    private static Task<RunningHost> Start(SampleFunctions.Gate gate, HostJson? host = null, TimeSpan? drain = null) =>
        RunningHost.StartAsync([typeof(SampleFunctions.Waiting)], worker => worker.Services.AddSingleton(gate), host, drain: drain);

    private static async Task WaitUntilRefused(Uri address)
    {
        await Wait.UntilAsync("the host refuses connections", () =>
        {
            using var socket = new TcpClient();
            try
            {
                socket.Connect(address.Host, address.Port);
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        });
    }
}
