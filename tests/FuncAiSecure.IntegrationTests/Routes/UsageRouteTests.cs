using System.Text.Json;
using FuncAiSecure.IntegrationTests.Chain;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary><c>/v1/usage</c> and <c>/manage/usage</c>: what is left, whose, and who may change it.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class UsageRouteTests(RouteApp app)
{
    private const string Ask = """{"model":"words","input":"good"}""";

    [Fact]
    public async Task A_caller_sees_its_own_plan_and_nobody_elses()
    {
        var key = await app.App.CreateKeyAsync(principal: "own-usage", plan: "three");
        var answer = await app.SendAsAsync(key, "POST", "v1/classify", Ask);
        answer.ShouldBeServed();
        answer.Headers["RateLimit-Policy"].ShouldBe("\"month\";q=3;w=2678400");
        answer.Headers["RateLimit"].ShouldMatch("^\"month\";r=2;t=[0-9]+$");

        var usage = (await app.SendAsAsync(key, "GET", "v1/usage?principal=operator")).ShouldBeServed();

        usage.TryGetProperty("principal", out _).ShouldBeFalse();
        usage.GetProperty("plan").GetString().ShouldBe("three");
        var month = usage.GetProperty("policies")[0];
        (month.GetProperty("name").GetString(), month.GetProperty("limit").GetInt64(), month.GetProperty("left").GetInt64()).ShouldBe(("month", 3, 2));
        month.GetProperty("used").GetInt64().ShouldBe(1);
        month.GetProperty("reset_at").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow);
        month.TryGetProperty("leases", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_caller_that_asks_for_its_usage_without_end_is_told_to_wait()
    {
        var key = await app.App.CreateKeyAsync(principal: "asks-usage", plan: "three");
        Answer answer;
        var asked = 0;
        do
        {
            answer = await app.SendAsAsync(key, "GET", "v1/usage");
        }
        while (answer.Status == 200 && ++asked < 500);

        answer.ShouldBeRefused(429, "rate-limited");
        int.Parse(answer.Headers["Retry-After"], null).ShouldBe(1);
        (await app.SendAsAsync(key, "POST", "v1/classify", Ask)).ShouldBeServed();
    }

    [Fact]
    public async Task An_answer_that_its_contract_holds_back_has_cost_a_run_all_the_same()
    {
        const string NoNumber = """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,-1]}]}""";
        var key = await app.App.CreateKeyAsync(principal: "held-back", plan: "three");

        for (var i = 0; i < 3; i++)
        {
            (await app.SendAsAsync(key, "POST", "v2/models/log/infer", NoNumber)).ShouldBeRefused(422, "output-blocked");
        }

        (await app.SendAsAsync(key, "POST", "v2/models/log/infer", NoNumber)).ShouldBeRefused(429, "quota-exceeded");
    }

    [Fact]
    public async Task An_operator_starts_a_window_anew_and_changes_a_plan()
    {
        var key = await app.App.CreateKeyAsync(principal: "managed-usage", plan: "three");
        var manager = await OperatorAsync();
        for (var i = 0; i < 3; i++)
        {
            (await app.SendAsAsync(key, "POST", "v1/classify", Ask)).ShouldBeServed();
        }

        (await app.SendAsAsync(key, "POST", "v1/classify", Ask)).ShouldBeRefused(429, "quota-exceeded");
        (await UsageAsync(manager, "managed-usage", "three")).GetProperty("policies")[0].GetProperty("left").GetInt64().ShouldBe(0);

        (await app.SendAsAsync(manager, "POST", "manage/usage/reset", """{"principal":"managed-usage","plan":"three"}""")).ShouldBeServed();
        await RouteApp.UntilAsync(() => app.SendAsAsync(key, "POST", "v1/classify", Ask), answer => answer.Status == 200);

        (await app.SendAsAsync(manager, "PUT", "manage/usage/plan", """{"principal":"managed-usage","plan":"roomy"}""")).ShouldBeServed();
        var changed = await UsageAsync(manager, "managed-usage", "three");
        changed.GetProperty("plan").GetString().ShouldBe("roomy");
        changed.GetProperty("plan_changed").GetBoolean().ShouldBeTrue();
        (await app.SendAsAsync(manager, "PUT", "manage/usage/plan", """{"principal":"managed-usage","plan":null}""")).ShouldBeServed();
        (await UsageAsync(manager, "managed-usage", "three")).GetProperty("plan_changed").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET", "manage/usage?principal=operator", null)]
    [InlineData("PUT", "manage/usage/plan", """{"principal":"tests","plan":"roomy"}""")]
    [InlineData("POST", "manage/usage/reset", """{"principal":"tests"}""")]
    public async Task Who_may_only_infer_is_refused(string method, string path, string? body)
    {
        (await app.SendAsync(method, path, body)).ShouldBeRefused(403, "role-missing");
        (await app.SendAsAsync(null, method, path, body)).ShouldBeRefused(401, "credential-missing");
    }

    [Fact]
    public async Task Who_reads_usage_changes_none_and_a_manager_without_the_role_reads_none()
    {
        var reader = await app.App.CreateKeyAsync(principal: "reader", roles: ["read.usage"]);
        var manager = await app.App.CreateKeyAsync(principal: "manager", roles: ["manage.quotas"]);

        (await app.SendAsAsync(reader, "PUT", "manage/usage/plan", """{"principal":"reader","plan":"roomy"}""")).ShouldBeRefused(403, "role-missing");
        (await app.SendAsAsync(reader, "POST", "manage/usage/reset", """{"principal":"reader"}""")).ShouldBeRefused(403, "role-missing");
        (await app.SendAsAsync(manager, "GET", "manage/usage?principal=reader")).ShouldBeRefused(403, "role-missing");
        (await app.SendAsAsync(manager, "GET", "v1/usage")).ShouldBeRefused(403, "role-missing");
    }

    [Theory]
    [InlineData("GET", "manage/usage", null, 422)]
    [InlineData("GET", "manage/usage?principal=", null, 422)]
    [InlineData("GET", "manage/usage?principal=a%20b", null, 422)]
    [InlineData("GET", "manage/usage?principal=a&plan=nobody", null, 422)]
    [InlineData("PUT", "manage/usage/plan", """{"principal":"a b","plan":"roomy"}""", 422)]
    [InlineData("PUT", "manage/usage/plan", """{"principal":"a","plan":"nobody"}""", 422)]
    [InlineData("PUT", "manage/usage/plan", """{"principal":"a"}""", 400)]
    [InlineData("PUT", "manage/usage/plan", """{"principal":"a","plan":"roomy","forever":true}""", 400)]
    [InlineData("POST", "manage/usage/plan", """{"principal":"a","plan":"roomy"}""", 405)]
    [InlineData("POST", "manage/usage/reset", """{"principal":"a","policy":"nobody"}""", 422)]
    [InlineData("POST", "manage/usage/reset", """{"principal":"a","plan":"nobody"}""", 422)]
    [InlineData("POST", "manage/usage/reset", "{}", 400)]
    [InlineData("POST", "manage/usage/reset", """{"principal":null}""", 400)]
    public async Task A_malformed_wish_is_refused(string method, string path, string? body, int status)
    {
        var answer = await app.SendAsAsync(await OperatorAsync(), method, path, body);

        answer.Status.ShouldBe(status, answer.Text);
    }

    private async Task<JsonElement> UsageAsync(string manager, string principal, string plan)
    {
        var usage = (await app.SendAsAsync(manager, "GET", $"manage/usage?principal={principal}&plan={plan}")).ShouldBeServed();
        usage.GetProperty("principal").GetString().ShouldBe(principal);
        usage.GetProperty("policies")[0].TryGetProperty("leases", out _).ShouldBeTrue();
        return usage;
    }

    private Task<string> OperatorAsync() => app.App.CreateKeyAsync(principal: "usage-operator", roles: ["read.usage", "manage.quotas"]);
}
