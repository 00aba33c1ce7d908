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
        await ShouldServeAgainAsync(fresh);
    }

    [Fact]
    public async Task Without_the_storage_nothing_passes_uncounted_and_it_serves_when_it_is_back()
    {
        var fresh = await _app.CreateKeyAsync(principal: "no-lease", plan: "three");
        await _app.Storage.StopAsync();

        var refused = await CallAsync(fresh);
        await _app.Storage.StartAgainAsync();

        ShouldBeUnavailable(refused);
        await ShouldServeAgainAsync(fresh);
    }

    private static void ShouldBeUnavailable(Answer answer)
    {
        answer.Status.ShouldBe(503, answer.Text);
        answer.Code.ShouldBe("dependency-unavailable");
        int.Parse(answer.Headers["Retry-After"], null).ShouldBeGreaterThan(0);
    }

    private async Task ShouldServeAgainAsync(string key)
    {
        var last = 0;
        for (var i = 0; i < 150 && last != 200; i++)
        {
            last = (await CallAsync(key)).Status;
            if (last != 200)
            {
                last.ShouldBe(503);
                await Task.Delay(100);
            }
        }

        last.ShouldBe(200);
    }

    private Task<Answer> CallAsync(string key) => ServedApp.SendAsync(_app.Client, key, "POST", "v1/classify", Body);
}
