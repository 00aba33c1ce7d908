using System.Text.Json;
using FuncAiSecure.IntegrationTests.Chain;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary><c>/manage/anomalies</c>: what was noticed, for those who read usage.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class AnomalyRouteTests(RouteApp app)
{
    [Fact]
    public async Task A_model_whose_answers_move_is_listed_for_operators()
    {
        // Ten windows of a thousand answers teach; two that are distributed otherwise raise the signal, and the next may be cut by others.
        var key = await app.App.CreateKeyAsync(principal: "drifting");
        await AskAsync(key, "good", 10_500);
        await AskAsync(key, "bad", 3_500);

        var operatorKey = await OperatorAsync();
        var answer = await RouteApp.UntilAsync(
            () => app.SendAsAsync(operatorKey, "GET", "manage/anomalies"), answer => Drifts(answer).Any());

        var drift = Drifts(answer).First();
        drift.GetProperty("model").GetString().ShouldBe("words");
        drift.GetProperty("version").GetString().ShouldBe("1");
        drift.GetProperty("principal").ValueKind.ShouldBe(JsonValueKind.Null);
        drift.GetProperty("value").GetDouble().ShouldBeGreaterThan(drift.GetProperty("limit").GetDouble());
        drift.GetProperty("at").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-5));
        answer.Text.ShouldNotContain("drifting");
        answer.Headers["Cache-Control"].ShouldBe("no-store");
        (await app.SendAsAsync(operatorKey, "GET", "manage/anomalies?limit=1")).ShouldBeServed().GetProperty("anomalies").GetArrayLength().ShouldBe(1);

        var ofOthers = await app.SendAsAsync(await app.App.CreateKeyAsync(principal: "anomaly-other", roles: ["read.usage"], models: ["iris"]), "GET", "manage/anomalies?limit=1000");
        Drifts(ofOthers).ShouldBeEmpty();
        ofOthers.Text.ShouldNotContain("words");
    }

    [Fact]
    public async Task Who_does_not_read_usage_is_refused()
    {
        var others = await app.App.CreateKeyAsync(principal: "no-anomalies", roles: ["manage.keys", "manage.models", "manage.quotas", "read.audit", "infer"]);

        (await app.SendAsAsync(null, "GET", "manage/anomalies")).ShouldBeRefused(401, "credential-missing");
        (await app.SendAsAsync(others, "GET", "manage/anomalies")).ShouldBeRefused(403, "role-missing");
        (await app.SendAsync("GET", "manage/anomalies")).ShouldBeRefused(403, "role-missing");
        (await app.SendAsAsync(await OperatorAsync(), "POST", "manage/anomalies", "{}")).ShouldBeRefused(405, "method");
        (await app.SendAsAsync(await OperatorAsync(), "DELETE", "manage/anomalies")).ShouldBeRefused(405, "method");
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=-1")]
    [InlineData("limit=+1")]
    [InlineData("limit=many")]
    [InlineData("limit=")]
    [InlineData("limit=1&limit=2")]
    [InlineData("limit=1&principal=me")]
    [InlineData("everything=1")]
    public async Task A_query_that_cannot_be_read_is_refused_and_not_repeated(string query)
    {
        var answer = await app.SendAsAsync(await OperatorAsync(), "GET", "manage/anomalies?" + query);

        answer.ShouldBeRefused(400, "unsupported-parameter");
        answer.Text.ShouldNotContain("everything");
    }

    // Among what other tests have made the app notice.
    private static IEnumerable<JsonElement> Drifts(Answer answer) =>
        answer.ShouldBeServed().GetProperty("anomalies").EnumerateArray().Where(anomaly => anomaly.GetProperty("signal").GetString() == "drift");

    private async Task AskAsync(string key, string text, int count)
    {
        const int AtOnce = 32;
        var body = JsonSerializer.Serialize(new { model = "words", input = Enumerable.Repeat(text, AtOnce) });
        await Parallel.ForEachAsync(Enumerable.Range(0, (count / AtOnce) + 1), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (_, _) =>
            (await app.SendAsAsync(key, "POST", "v1/classify", body)).ShouldBeServed());
    }

    private Task<string> OperatorAsync() => app.App.CreateKeyAsync(principal: "anomaly-operator", roles: ["read.usage"]);
}
