using FuncAiSecure.IntegrationTests.Chain;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary>A request's life: its deadline, its caller going away, its ids and traces, and the contract that it follows.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class RequestLifeTests(RouteApp app)
{
    private const string Slow = "v2/models/slow/infer";
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task A_deadline_ends_a_running_inference_and_frees_its_place()
    {
        var key = await app.App.CreateKeyAsync(principal: "deadline", plan: "alone");

        (await app.SendAsAsync(key, "POST", Slow, Steps(1_000_000_000_000), Within("200"))).ShouldBeRefused(504, "deadline-exceeded");
        (await app.SendAsAsync(key, "POST", Slow, Steps(1_000_000_000_000, ",\"parameters\":{\"timeout\":200000}"))).ShouldBeRefused(504, "deadline-exceeded");
        (await app.SendAsAsync(key, "POST", Slow, Steps(3))).ShouldBeServed();
    }

    [Fact]
    public async Task A_request_that_comes_to_its_model_too_late_does_not_run_and_costs_nothing()
    {
        var key = await app.App.CreateKeyAsync(principal: "too-late");

        (await app.SendAsAsync(key, "POST", Slow, Steps(3, ",\"parameters\":{\"timeout\":1}"))).ShouldBeRefused(504, "deadline-exceeded");

        var policies = (await app.SendAsAsync(key, "GET", "v1/usage")).ShouldBeServed().GetProperty("policies").EnumerateArray();
        policies.Where(policy => policy.GetProperty("window").GetString() != "burst").ShouldAllBe(policy => policy.GetProperty("used").GetInt64() == 0);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    public async Task A_deadline_that_is_none_is_refused(string text) =>
        (await app.SendAsync("POST", Slow, Steps(3), Within(text))).ShouldBeRefused(400, "unsupported-parameter");

    [Fact]
    public async Task A_caller_that_goes_away_frees_its_place()
    {
        var key = await app.App.CreateKeyAsync(principal: "goes-away", plan: "alone");
        (await app.SendAsAsync(key, "POST", Slow, Steps(3))).ShouldBeServed();
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, Slow) { Content = new StringContent(Steps(1_000_000_000_000), null, "application/json") };
        request.Headers.Add("x-api-key", key);
        var running = app.App.Client.SendAsync(request, leaving.Token);
        await RouteApp.UntilAsync(() => app.SendAsAsync(key, "GET", "v1/usage"), answer => answer.Status == 200 && answer.Json.GetProperty("policies")[0].GetProperty("used").GetInt64() == 1);

        var busy = await app.SendAsAsync(key, "POST", Slow, Steps(3));
        busy.ShouldBeRefused(429, "concurrency-exceeded");
        int.Parse(busy.Headers["Retry-After"], null).ShouldBeGreaterThan(0);

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);

        (await RouteApp.UntilAsync(() => app.SendAsAsync(key, "POST", Slow, Steps(3)), answer => answer.Status == 200)).ShouldBeServed();
    }

    [Fact]
    public async Task A_trace_of_the_callers_goes_on()
    {
        var refused = await app.SendAsync("POST", "v1/classify", "{}", Traced($"00-{Trace}-00f067aa0ba902b7-01"));

        refused.Json.GetProperty("traceId").GetString().ShouldBe(Trace);
    }

    [Theory]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-" + Trace + "-0000000000000000-01")]
    [InlineData("ff-" + Trace + "-00f067aa0ba902b7-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("canary")]
    public async Task A_trace_that_is_none_is_replaced(string trace)
    {
        var refused = await app.SendAsync("POST", "v1/classify", "{}", Traced(trace));

        var id = refused.Json.GetProperty("traceId").GetString()!;
        id.ShouldMatch("^[0-9a-f]{32}$");
        id.ShouldNotBe(Trace);
        id.ShouldNotBe(new string('0', 32));
        refused.Text.ShouldNotContain("canary");
    }

    [Theory]
    [InlineData("order 17")]
    [InlineData("<script>")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_request_id_that_is_not_safe_is_replaced(string id)
    {
        var answer = await app.SendAsync("GET", "v1/models", shape: request => request.Headers.TryAddWithoutValidation("x-request-id", id));

        answer.Headers["x-request-id"].ShouldMatch("^[0-9a-f]{32}$");
    }

    [Fact]
    public async Task Only_who_has_the_role_learns_where_the_time_went()
    {
        const string Ask = """{"model":"words","input":"good"}""";
        var key = await app.App.CreateKeyAsync(principal: "timing", roles: ["infer", "debug.timing"]);

        (await app.SendAsync("POST", "v1/classify", Ask)).Headers.ShouldNotContainKey("Server-Timing");
        (await app.SendAsAsync(key, "POST", "v1/classify", Ask)).Headers["Server-Timing"].ShouldContain("identity;dur=");
    }

    [Fact]
    public async Task The_contract_is_served_to_anyone_and_the_linter_finds_nothing()
    {
        var answer = await app.SendAsAsync(null, "GET", "openapi.json");

        answer.ShouldBeServed().GetProperty("openapi").GetString().ShouldStartWith("3.1.");
        foreach (var path in (string[])["/v1/embeddings", "/v1/rerank", "/v1/moderations", "/v2/models/{model}/infer", "/manage/keys", "/manage/audit", "/manage/usage/reset"])
        {
            answer.Json.GetProperty("paths").TryGetProperty(path, out _).ShouldBeTrue(path);
        }

        var lint = await OpenApiLinter.RunAsync(answer.Bytes);
        lint.ExitCode.ShouldBe(0, lint.Output + lint.Errors);
    }

    [Fact]
    public async Task A_deployment_can_keep_its_contract_to_itself()
    {
        using var client = new HttpClient { BaseAddress = await app.App.StartInstanceAsync(new Dictionary<string, string?> { ["FuncAiSecure:Transport:ServeOpenApi"] = "false" }) };

        (await ServedApp.SendAsync(client, null, "GET", "openapi.json")).ShouldBeRefused(404, "not-found");
    }

    private static string Steps(long steps, string more = "") => $$"""
        {"inputs":[{"name":"steps","datatype":"INT64","shape":[1],"data":[{{steps}}]},{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}]{{more}}}
        """;

    private static Action<HttpRequestMessage> Within(string milliseconds) => request => request.Headers.TryAddWithoutValidation("x-deadline-ms", milliseconds);

    private static Action<HttpRequestMessage> Traced(string parent) => request => request.Headers.TryAddWithoutValidation("traceparent", parent);
}
