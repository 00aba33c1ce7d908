namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>Quotas through the chain: over the limit is 429, over several instances together, and what never ran is given back.</summary>
[Collection(ServedAppGroup.Name)]
public sealed class QuotaSharingTests(ServedApp app)
{
    private const string Body = """{"model":"sms-spam","input":"hello there"}""";

    [Fact]
    public async Task Two_instances_never_admit_more_than_the_limit_together()
    {
        var key = await app.CreateKeyAsync(principal: "shared-quota", plan: "three");
        using var second = new HttpClient { BaseAddress = await app.StartInstanceAsync() };
        await ServedApp.WaitUntilReadyAsync(second);

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
            ServedApp.SendAsync(i % 2 == 0 ? app.Client : second, key, "POST", "v1/classify", Body)));

        answers.Count(answer => answer.Status == 200).ShouldBe(3, string.Join(' ', answers.Select(answer => answer.Status)));
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer.Status == 429 || answer.Status == 503);
    }

    [Fact]
    public async Task Over_quota_is_429_and_says_when_to_come_back()
    {
        var key = await app.CreateKeyAsync(principal: "over-quota", plan: "three");
        for (var i = 0; i < 3; i++)
        {
            (await ServedApp.SendAsync(app.Client, key, "POST", "v1/classify", Body)).Status.ShouldBe(200);
        }

        var refused = await ServedApp.SendAsync(app.Client, key, "POST", "v1/classify", Body);

        refused.Status.ShouldBe(429);
        refused.Code.ShouldBe("quota-exceeded");
        refused.Json.GetProperty("quota").GetString().ShouldBe("month");
        int.Parse(refused.Headers["Retry-After"], null).ShouldBeInRange(1, 31 * 86_400);
        refused.Headers["RateLimit-Policy"].ShouldContain("\"month\";q=3");
    }

    [Fact]
    public async Task What_never_ran_is_given_back()
    {
        var key = await app.CreateKeyAsync(principal: "refunds", plan: "three");
        for (var i = 0; i < 6; i++)
        {
            (await ServedApp.SendAsync(app.Client, key, "POST", "v1/classify", """{"model":"sms-spam","input":[]}""")).Status.ShouldBe(422);
        }

        (await ServedApp.SendAsync(app.Client, key, "POST", "v1/classify", Body)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_answer_says_what_is_left()
    {
        var key = await app.CreateKeyAsync(principal: "headers", plan: "three");

        var answer = await ServedApp.SendAsync(app.Client, key, "POST", "v1/classify", Body);

        answer.Headers["RateLimit"].ShouldContain("\"month\";r=");
    }
}
