namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>A dependency that is away closes the door, and its return opens it again without a restart.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const string Body = """{"model":"sms-spam","input":"hello there"}""";
    private readonly ServedApp _app = new();

    public Task InitializeAsync() => _app.InitializeAsync();

    public Task DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Without_the_vault_a_key_that_is_not_known_is_503_and_serves_when_it_is_back()
    {
        var fresh = await _app.CreateKeyAsync(principal: "fresh");
        _app.Vault.Faults.Unavailable = true;

        var refused = await CallAsync(fresh);
        _app.Vault.Faults.Unavailable = false;

        ShouldBeUnavailable(refused);
        await ShouldServeAgainAsync(() => CallAsync(fresh));
    }

    [Fact]
    public async Task Without_the_storage_nothing_passes_uncounted_and_it_serves_when_it_is_back()
    {
        var fresh = await _app.CreateKeyAsync(principal: "no-lease", plan: "three");
        await _app.Storage.StopAsync();

        var refused = await CallAsync(fresh);
        await _app.Storage.StartAgainAsync();

        ShouldBeUnavailable(refused);
        await ShouldServeAgainAsync(() => CallAsync(fresh));
    }

    [Fact]
    public async Task Without_the_storage_the_audit_trail_is_unavailable_and_no_defect_of_the_app()
    {
        var auditor = await _app.CreateKeyAsync(principal: "auditor", roles: ["read.audit"]);
        // The trail's table is made when the trail is opened, beside the first requests.
        await Routes.RouteApp.UntilAsync(() => ServedApp.SendAsync(_app.Client, auditor, "GET", "manage/audit?limit=1"), answer => answer.Status == 200);
        await _app.Storage.StopAsync();

        var refused = await ServedApp.SendAsync(_app.Client, auditor, "GET", "manage/audit?limit=1");
        await _app.Storage.StartAgainAsync();

        ShouldBeUnavailable(refused);
    }

    [Fact]
    public async Task An_instance_that_starts_without_the_vault_lives_says_what_is_missing_and_is_ready_when_it_is_back()
    {
        _app.Vault.Faults.Unavailable = true;
        using var client = new HttpClient { BaseAddress = await _app.StartInstanceAsync() };

        var ready = await ServedApp.SendAsync(client, null, "GET", "v2/health/ready");
        var live = await ServedApp.SendAsync(client, null, "GET", "v2/health/live");
        var refused = await ServedApp.SendAsync(client, _app.CallerKey, "POST", "v1/classify", Body);
        _app.Vault.Faults.Unavailable = false;

        live.Status.ShouldBe(200);
        ready.Status.ShouldBe(503);
        ready.Json.GetProperty("failing").EnumerateArray().Select(name => name.GetString()).ShouldContain("vault");
        ready.Text.ShouldNotContain("127.0.0.1");
        refused.Status.ShouldBe(503, refused.Text);
        await ServedApp.WaitUntilReadyAsync(client);
        await ShouldServeAgainAsync(() => ServedApp.SendAsync(client, _app.CallerKey, "POST", "v1/classify", Body));
    }

    private static void ShouldBeUnavailable(Answer answer)
    {
        answer.Status.ShouldBe(503, answer.Text);
        answer.Code.ShouldBe("dependency-unavailable");
        int.Parse(answer.Headers["Retry-After"], null).ShouldBeGreaterThan(0);
    }

    private static async Task ShouldServeAgainAsync(Func<Task<Answer>> call)
    {
        var answer = await Routes.RouteApp.UntilAsync(call, answer => answer.Status != 503);
        answer.Status.ShouldBe(200, answer.Text);
    }

    private Task<Answer> CallAsync(string key) => ServedApp.SendAsync(_app.Client, key, "POST", "v1/classify", Body);
}
