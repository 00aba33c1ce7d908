using System.Text.Json;
using FuncAiSecure.Core.Monitoring.Live;
using FuncAiSecure.IntegrationTests.Chain;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary><c>/manage/statistics</c>: what the instance does, for those who read usage, without texts, keys and names of callers.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class StatisticsRouteTests(RouteApp app)
{
    [Fact]
    public async Task Requests_just_made_are_counted_and_listed_without_who_made_them()
    {
        var key = await app.App.CreateKeyAsync(principal: "counted-caller");
        await app.SendAsAsync(key, "POST", "v1/classify", """{"model":"words","input":["hidden-text","good"]}""", Named("statistics-1"));
        await app.SendAsAsync(key, "POST", "v1/classify", """{"model":"hidden-model","input":"good"}""", Named("statistics-2"));
        await app.SendAsAsync(null, "POST", "v1/classify", "{}", Named("statistics-3"));

        var answer = await app.SendAsAsync(await OperatorAsync(), "GET", "manage/statistics");
        var statistics = answer.ShouldBeServed();

        var served = Recent(statistics, "statistics-1");
        served.GetProperty("action").GetString().ShouldBe("Classify");
        served.GetProperty("model").GetString().ShouldBe("words");
        served.GetProperty("outcome").GetString().ShouldBe("served");
        served.GetProperty("status").GetInt32().ShouldBe(200);
        served.GetProperty("ms").GetDouble().ShouldBeGreaterThan(0);
        var unknown = Recent(statistics, "statistics-2");
        unknown.GetProperty("outcome").GetString().ShouldBe("not-found");
        unknown.TryGetProperty("model", out _).ShouldBeFalse();
        unknown.GetProperty("pseudonym").GetString().ShouldBe(served.GetProperty("pseudonym").GetString());
        var stranger = Recent(statistics, "statistics-3");
        stranger.GetProperty("outcome").GetString().ShouldBe("credential-missing");
        stranger.TryGetProperty("pseudonym", out _).ShouldBeFalse();

        answer.Text.ShouldNotContain("hidden-");
        answer.Text.ShouldNotContain(key.Split('_')[1]);
        answer.Text.ShouldNotContain(key.Split('_')[2]);
        statistics.GetProperty("recent").GetRawText().ShouldNotContain("counted-caller");
        statistics.GetProperty("callers").EnumerateArray().ShouldContain(caller => caller.GetProperty("principal").GetString() == "counted-caller");
        statistics.GetProperty("refusals").EnumerateArray().Single(refusal => refusal.GetProperty("code").GetString() == "not-found")
            .GetProperty("lately").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
        var classify = statistics.GetProperty("actions").EnumerateArray().Single(action => action.GetProperty("action").GetString() == "Classify");
        classify.GetProperty("route").GetString().ShouldBe("/v1/classify");
        classify.GetProperty("p95_ms").GetDouble().ShouldBeGreaterThanOrEqualTo(classify.GetProperty("p50_ms").GetDouble());
        statistics.GetProperty("requests").GetProperty("active").GetInt32().ShouldBeGreaterThanOrEqualTo(1);
        statistics.GetProperty("instance").GetString()!.ShouldMatch("^[0-9a-f]{20}$");
        answer.Headers["Cache-Control"].ShouldBe("no-store");
    }

    [Fact]
    public async Task A_loaded_model_tells_its_runs()
    {
        (await app.SendAsync("POST", "v1/classify", """{"model":"words","input":["good","bad","good"]}""")).ShouldBeServed();

        var statistics = (await app.SendAsAsync(await OperatorAsync(), "GET", "manage/statistics")).ShouldBeServed();

        var words = statistics.GetProperty("models").EnumerateArray().Single(model => model.GetProperty("name").GetString() == "words");
        words.GetProperty("state").GetString().ShouldBe("ready");
        words.GetProperty("serving").GetBoolean().ShouldBeTrue();
        var counts = words.GetProperty("counts");
        var runs = counts.GetProperty("runs").GetInt64();
        counts.GetProperty("rows").GetInt64().ShouldBeGreaterThanOrEqualTo(3);
        counts.GetProperty("batch_sizes").EnumerateArray().Sum(size => size.GetProperty("runs").GetInt64()).ShouldBe(runs);
    }

    [Fact]
    public async Task What_is_told_is_bounded()
    {
        var key = await app.App.CreateKeyAsync(principal: "bounded-caller");
        for (var i = 0; i < LiveStatistics.RecentCount + 20; i++)
        {
            await app.SendAsAsync(key, "GET", "v1/models");
        }

        var statistics = (await app.SendAsAsync(await OperatorAsync(), "GET", "manage/statistics")).ShouldBeServed();

        statistics.GetProperty("recent").GetArrayLength().ShouldBe(LiveStatistics.RecentCount);
        statistics.GetProperty("timeline").GetProperty("points").GetArrayLength().ShouldBeLessThanOrEqualTo(LiveStatistics.StretchCount);
        statistics.GetProperty("callers").GetArrayLength().ShouldBeLessThanOrEqualTo(50);
    }

    [Fact]
    public async Task A_key_sees_only_the_models_that_it_may_see()
    {
        var key = await app.App.CreateKeyAsync(principal: "narrow-operator", roles: ["read.usage"], models: ["echo"]);
        await app.SendAsync("POST", "v1/classify", """{"model":"words","input":"good"}""", Named("statistics-4"));

        var statistics = (await app.SendAsAsync(key, "GET", "manage/statistics")).ShouldBeServed();

        statistics.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()).Distinct().ShouldBe(["echo"]);
        Recent(statistics, "statistics-4").TryGetProperty("model", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_does_not_read_usage_is_refused()
    {
        var others = await app.App.CreateKeyAsync(principal: "not-reader", roles: ["manage.keys", "manage.models", "manage.quotas", "read.audit", "infer"]);

        (await app.SendAsAsync(null, "GET", "manage/statistics")).ShouldBeRefused(401, "credential-missing");
        (await app.SendAsAsync("fais_0000000000000000_" + new string('0', 59), "GET", "manage/statistics")).ShouldBeRefused(401, "credential-invalid");
        (await app.SendAsAsync(others, "GET", "manage/statistics")).ShouldBeRefused(403, "role-missing");
        (await app.SendAsync("GET", "manage/statistics")).ShouldBeRefused(403, "role-missing");
        (await app.SendAsAsync(await OperatorAsync(), "POST", "manage/statistics", "{}")).ShouldBeRefused(405, "method");
        (await app.SendAsAsync(await OperatorAsync(), "DELETE", "manage/statistics")).ShouldBeRefused(405, "method");
    }

    private static JsonElement Recent(JsonElement statistics, string id) =>
        statistics.GetProperty("recent").EnumerateArray().Single(request => request.GetProperty("request_id").GetString() == id);

    private static Action<HttpRequestMessage> Named(string id) => request => request.Headers.Add("x-request-id", id);

    private Task<string> OperatorAsync() => app.App.CreateKeyAsync(principal: "statistics-operator", roles: ["read.usage"]);
}
