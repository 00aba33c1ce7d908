using FuncAiSecure.Core.Identity.ApiKeys;

namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>Keys that must not open anything, and the one that must; over the real vault protocol.</summary>
[Collection(ServedAppGroup.Name)]
public sealed class CredentialTests(ServedApp app)
{
    private const string Body = """{"model":"sms-spam","input":"hello there"}""";

    [Fact]
    public async Task No_key_is_401_with_a_challenge()
    {
        var answer = await CallAsync(null);

        answer.Status.ShouldBe(401);
        answer.Code.ShouldBe("credential-missing");
        answer.Headers["WWW-Authenticate"].ShouldStartWith("Bearer");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("fais_")]
    [InlineData("fais_AAAAAAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_wrong_key_is_401(string key)
    {
        var answer = await CallAsync(key);

        answer.Status.ShouldBe(401);
        answer.Code.ShouldBe("credential-invalid");
    }

    [Fact]
    public async Task Forged_revoked_expired_and_early_keys_answer_alike()
    {
        var revoked = await app.CreateKeyAsync();
        ApiKeyId.TryParse(revoked.Split('_')[1], out var id).ShouldBeTrue();
        (await app.Keys.RevokeAsync(id, default)).Succeeded.ShouldBeTrue();
        string[] keys =
        [
            app.CallerKey[..^1] + (app.CallerKey[^1] == 'A' ? 'B' : 'A'),
            revoked,
            await app.CreateExpiredKeyAsync(),
            await app.CreateKeyAsync(notBefore: DateTimeOffset.UtcNow.AddHours(1)),
        ];

        var bodies = new HashSet<string>();
        foreach (var key in keys)
        {
            var answer = await CallAsync(key);
            answer.Status.ShouldBe(401);
            bodies.Add(answer.Json.GetProperty("type").GetString() + answer.Json.GetProperty("detail").GetString());
        }

        bodies.Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_than_one_credential_is_400()
    {
        var answer = await ServedApp.SendAsync(app.Client, app.CallerKey, "POST", "v1/classify", Body, request => request.Headers.Add("api-key", app.CallerKey));

        answer.Status.ShouldBe(400);
        answer.Code.ShouldBe("several-credentials");
    }

    [Fact]
    public async Task A_key_without_the_role_is_403()
    {
        var answer = await CallAsync(await app.CreateKeyAsync(roles: ["read.usage"]));

        answer.Status.ShouldBe(403);
        answer.Code.ShouldBe("role-missing");
    }

    [Fact]
    public async Task A_forbidden_model_and_an_unknown_one_answer_alike()
    {
        var key = await app.CreateKeyAsync(models: ["wine"]);

        var forbidden = await CallAsync(key);
        var unknown = await ServedApp.SendAsync(app.Client, key, "POST", "v1/classify", """{"model":"sms-none","input":"hello"}""");

        forbidden.Status.ShouldBe(404);
        forbidden.Code.ShouldBe(unknown.Code);
        forbidden.Json.GetProperty("detail").GetString().ShouldBe(unknown.Json.GetProperty("detail").GetString());
        forbidden.Headers.Keys.Order().ShouldBe(unknown.Headers.Keys.Order());
    }

    [Fact]
    public async Task A_key_from_another_network_is_403()
    {
        var answer = await CallAsync(await app.CreateKeyAsync(networks: ["10.0.0.0/8"]));

        answer.Status.ShouldBe(403);
        answer.Code.ShouldBe("network-not-allowed");
    }

    [Fact]
    public async Task A_forwarding_header_from_outside_changes_nothing()
    {
        var key = await app.CreateKeyAsync(networks: ["10.0.0.0/8"]);

        var answer = await ServedApp.SendAsync(app.Client, key, "POST", "v1/classify", Body, request => request.Headers.Add("X-Forwarded-For", "10.1.2.3"));

        answer.Code.ShouldBe("network-not-allowed");
    }

    [Theory]
    [InlineData("x-api-key", "{0}")]
    [InlineData("api-key", "{0}")]
    [InlineData("Authorization", "Bearer {0}")]
    public async Task A_valid_key_opens_the_door_in_each_of_its_headers(string header, string format)
    {
        var answer = await ServedApp.SendAsync(
            app.Client, null, "POST", "v1/classify", Body, request => request.Headers.TryAddWithoutValidation(header, string.Format(null, format, app.CallerKey)));

        answer.Status.ShouldBe(200, answer.Text);
    }

    private Task<Answer> CallAsync(string? key) => ServedApp.SendAsync(app.Client, key, "POST", "v1/classify", Body);
}
