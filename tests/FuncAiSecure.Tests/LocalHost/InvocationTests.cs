using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FuncAiSecure.Tests.LocalHost;

public class InvocationTests
{
    [Theory]
    [InlineData("HttpResult", 201, "result")]
    [InlineData("AsyncResult", 202, "async result")]
    [InlineData("ActionResult", 203, "{\"some\":1}")]
    [InlineData("Poco", 200, "")]
    [InlineData("Nothing", 200, "")]
    [InlineData("Throws", 500, "")]
    public async Task Result_of_a_function_leaves_as_it_does_from_the_official_worker(string function, int status, string body)
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Results)]);

        (await host.GetAsync("/" + function)).ShouldBe((status, body));
    }

    [Fact]
    public async Task Headers_set_before_an_exception_stay()
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Results)]);

        using var response = await host.Client.GetAsync("/Throws");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        response.Headers.GetValues("x-kept").ShouldBe(["yes"]);
        response.Content.Headers.ContentLength.ShouldBe(0);
    }

    [Fact]
    public async Task Exception_after_the_response_began_breaks_the_connection()
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Results)]);

        await Should.ThrowAsync<HttpRequestException>(() => host.GetAsync("/ThrowsLate"));
        (await host.GetAsync("/HttpResult")).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Stages_run_in_order_of_registration_and_the_result_after_all_have_unwound()
    {
        var seen = new List<string>();
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Results)], worker => worker
            .UseMiddleware((context, next) => Around("outer", context, next, seen))
            .UseWhen(context => context.FunctionDefinition.Name == "Poco", (_, _) => throw new InvalidOperationException("not for this one"))
            .UseMiddleware((context, next) => Around("inner", context, next, seen)));

        var answer = await host.GetAsync("/HttpResult");

        answer.ShouldBe((201, "result"));
        seen.ShouldBe(["outer in", "inner in", "inner out 200 False", "outer out 200 False"]);
    }

    [Fact]
    public async Task Stage_that_answers_itself_stops_the_rest()
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Results)], worker => worker
            .UseMiddleware((context, _) =>
            {
                context.GetHttpContext()!.Response.StatusCode = StatusCodes.Status418ImATeapot;
                return Task.CompletedTask;
            }));

        (await host.GetAsync("/HttpResult")).ShouldBe((418, string.Empty));
    }

    [Fact]
    public async Task Stage_by_type_is_one_instance_and_features_are_of_the_invocation()
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Results)], worker => worker.UseMiddleware<CountingStage>());

        await host.GetAsync("/Nothing");
        await host.GetAsync("/Nothing");

        var stage = host.Host.Services.GetRequiredService<CountingStage>();
        stage.Calls.ShouldBe(2);
        stage.Leftovers.ShouldBe(0);
    }

    [Fact]
    public async Task Function_sees_request_context_and_route_values_as_in_the_official_worker()
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Bindings)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/context/bert?name=forged");
        request.Headers.Add("x-ms-invocation-id", "forged");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var response = await host.Client.SendAsync(request);
        var facts = (await response.Content.ReadAsStringAsync()).Split('\n');

        facts.ShouldContain("same http True");
        facts.ShouldContain("same services True");
        facts.ShouldContain("id header True");
        facts.ShouldContain("token True");
        facts.ShouldContain("definition Context Context");
        facts.ShouldContain("bindings httpTrigger,http");
        facts.ShouldContain("data bert bert");
        facts.ShouldContain("endpoint Context");
        facts.ShouldContain("activity True");
        facts.ShouldContain("forwarded 0 http");
        var trace = facts.Single(f => f.StartsWith("trace", StringComparison.Ordinal));
        trace.ShouldStartWith("trace 00-0af7651916cd43dd8448eb211c80319c-");
        trace.ShouldEndWith("-01");
        trace.ShouldNotContain("b7ad6b7169203331");
    }

    [Fact]
    public async Task Value_type_without_a_value_fails_the_invocation()
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Bindings)]);

        (await host.GetAsync("/missing/3")).ShouldBe((200, "3"));
        (await host.GetAsync("/missing")).ShouldBe((500, string.Empty));
        (await host.GetAsync("/missing/x")).ShouldBe((500, string.Empty));
    }

    [Fact]
    public async Task Only_a_configured_header_changes_the_callers_address()
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Results)], worker =>
        {
            worker.Services.PostConfigure<ForwardedHeadersOptions>(options => options.ForwardedForHeaderName = "X-Azure-ClientIP");
            worker.UseMiddleware((context, _) =>
                context.GetHttpContext()!.Response.WriteAsync($"{context.GetHttpContext()!.Connection.RemoteIpAddress} {context.GetHttpContext()!.Request.Scheme}"));
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/Nothing");
        request.Headers.Add("X-Azure-ClientIP", "203.0.113.7");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var response = await host.Client.SendAsync(request);

        (await response.Content.ReadAsStringAsync()).ShouldBe("203.0.113.7 http");
    }

    [Fact]
    public async Task Limits_that_the_app_configures_for_the_server_hold()
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Results)], worker =>
            worker.Services.Configure<KestrelServerOptions>(options => options.Limits.MaxRequestBodySize = 10));
        using var small = new StringContent("123");
        using var large = new StringContent(new string('x', 11));

        using var accepted = await host.Client.PostAsync("/ReadsBody", small);
        using var refused = await host.Client.PostAsync("/ReadsBody", large);

        (await accepted.Content.ReadAsStringAsync()).ShouldBe("3");
        // The official host shows 500 too: the app must catch BadHttpRequestException itself.
        refused.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    private static async Task Around(string name, FunctionContext context, Func<Task> next, List<string> seen)
    {
        seen.Add(name + " in");
        await next();
        var response = context.GetHttpContext()!.Response;
        seen.Add($"{name} out {response.StatusCode} {response.HasStarted}");
    }

    private sealed class CountingStage : IFunctionsWorkerMiddleware
    {
        public int Calls { get; private set; }

        public int Leftovers { get; private set; }

        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            Calls++;
            Leftovers += context.Features.Get<CountingStage>() is null && context.Items.Count == 1 ? 0 : 1;
            context.Features.Set(this);
            context.Items["mine"] = this;
            return next(context);
        }
    }
}
