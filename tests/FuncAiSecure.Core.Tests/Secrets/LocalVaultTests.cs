using System.Globalization;
using System.Net;
using System.Text.Json;
using Azure;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Secrets;
using FuncAiSecure.LocalVault;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Secrets;

/// <summary>The real Key Vault client against the local vault.</summary>
public sealed class LocalVaultTests : IAsyncLifetime
{
    private LocalVaultFixture _vault = null!;
    private SecretClient _client = null!;

    public async Task InitializeAsync()
    {
        _vault = await LocalVaultFixture.StartAsync(pageSize: 3);
        _client = _vault.CreateClient();
    }

    public async Task DisposeAsync() => await _vault.DisposeAsync();

    [Fact]
    public async Task Secret_comes_back_with_its_attributes_tags_and_version()
    {
        var expires = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var secret = new KeyVaultSecret("alpha", "value ü 1")
        {
            Properties = { ContentType = "text/plain", ExpiresOn = expires, NotBefore = expires.AddYears(-5), Tags = { ["a"] = "b" } },
        };

        KeyVaultSecret written = await _client.SetSecretAsync(secret);
        KeyVaultSecret read = await _client.GetSecretAsync("alpha");

        read.Value.ShouldBe("value ü 1");
        read.Properties.Version.ShouldBe(written.Properties.Version);
        read.Properties.ExpiresOn.ShouldBe(expires);
        read.Properties.NotBefore.ShouldBe(expires.AddYears(-5));
        read.Properties.ContentType.ShouldBe("text/plain");
        read.Properties.Tags.ShouldContainKeyAndValue("a", "b");
        read.Properties.Enabled.ShouldBe(true);
        read.Properties.CreatedOn.ShouldNotBeNull();
        read.Properties.UpdatedOn.ShouldNotBeNull();
        read.Properties.RecoveryLevel.ShouldBe("Recoverable+Purgeable");
    }

    [Fact]
    public async Task Latest_is_the_last_version_set_and_older_versions_stay_readable()
    {
        KeyVaultSecret first = await _client.SetSecretAsync("alpha", "one");
        await _client.SetSecretAsync("alpha", "two");

        (await _client.GetSecretAsync("alpha")).Value.Value.ShouldBe("two");
        (await _client.GetSecretAsync("ALPHA", first.Properties.Version)).Value.Value.ShouldBe("one");
    }

    [Fact]
    public async Task Unknown_secret_is_404_with_the_services_code()
    {
        var error = await Should.ThrowAsync<RequestFailedException>(() => _client.GetSecretAsync("nobody"));

        error.Status.ShouldBe(404);
        error.ErrorCode.ShouldBe("SecretNotFound");
    }

    [Fact]
    public async Task Disabled_secret_is_403_until_enabled_again()
    {
        KeyVaultSecret secret = await _client.SetSecretAsync("alpha", "one");
        secret.Properties.Enabled = false;
        await _client.UpdateSecretPropertiesAsync(secret.Properties);

        var error = await Should.ThrowAsync<RequestFailedException>(() => _client.GetSecretAsync("alpha"));
        error.Status.ShouldBe(403);
        error.ErrorCode.ShouldBe("Forbidden");
        error.GetRawResponse()!.Content.ToString().ShouldContain("SecretDisabled");

        secret.Properties.Enabled = true;
        await _client.UpdateSecretPropertiesAsync(secret.Properties);
        (await _client.GetSecretAsync("alpha")).Value.Value.ShouldBe("one");
    }

    [Fact]
    public async Task Update_of_an_unknown_version_is_404()
    {
        KeyVaultSecret secret = await _client.SetSecretAsync("alpha", "one");
        var elsewhere = new SecretProperties(new Uri(_vault.Server.Uri, "secrets/alpha/" + new string('0', 32)));

        (await Should.ThrowAsync<RequestFailedException>(() => _client.UpdateSecretPropertiesAsync(elsewhere))).Status.ShouldBe(404);
        secret.Properties.Version.ShouldNotBeNull();
    }

    [Fact]
    public async Task Lists_go_over_every_page_and_hold_no_values()
    {
        for (var i = 0; i < 8; i++)
        {
            await _client.SetSecretAsync("item-" + i.ToString(CultureInfo.InvariantCulture), "x");
            await _client.SetSecretAsync("many", "v" + i.ToString(CultureInfo.InvariantCulture));
        }

        var names = new List<string>();
        await foreach (var item in _client.GetPropertiesOfSecretsAsync())
        {
            names.Add(item.Name);
            item.Version.ShouldBeNullOrEmpty();
        }

        var versions = new HashSet<string>();
        await foreach (var item in _client.GetPropertiesOfSecretVersionsAsync("many"))
        {
            versions.Add(item.Version);
        }

        names.ShouldBe(["item-0", "item-1", "item-2", "item-3", "item-4", "item-5", "item-6", "item-7", "many"]);
        versions.Count.ShouldBe(8);
    }

    /// <summary>As the service does: only reading a secret that is not there is a 404.</summary>
    [Fact]
    public async Task Unknown_secret_has_no_versions() =>
        (await _client.GetPropertiesOfSecretVersionsAsync("nobody").ToListAsync()).ShouldBeEmpty();

    [Fact]
    public async Task Deleted_secret_is_hidden_blocks_its_name_and_comes_back()
    {
        await _client.SetSecretAsync("alpha", "one");

        var deletion = await _client.StartDeleteSecretAsync("alpha");
        await deletion.WaitForCompletionAsync();

        (await Should.ThrowAsync<RequestFailedException>(() => _client.GetSecretAsync("alpha"))).Status.ShouldBe(404);
        (await Should.ThrowAsync<RequestFailedException>(() => _client.SetSecretAsync("alpha", "two"))).Status.ShouldBe(409);
        (await _client.GetDeletedSecretAsync("alpha")).Value.DeletedOn.ShouldNotBeNull();

        await (await _client.StartRecoverDeletedSecretAsync("alpha")).WaitForCompletionAsync();
        (await _client.GetSecretAsync("alpha")).Value.Value.ShouldBe("one");
    }

    [Fact]
    public async Task Purged_secret_is_gone_and_its_name_is_free()
    {
        await _client.SetSecretAsync("alpha", "one");
        await (await _client.StartDeleteSecretAsync("alpha")).WaitForCompletionAsync();

        await _client.PurgeDeletedSecretAsync("alpha");

        (await Should.ThrowAsync<RequestFailedException>(() => _client.GetDeletedSecretAsync("alpha"))).Status.ShouldBe(404);
        await _client.SetSecretAsync("alpha", "two");
        (await _client.GetSecretAsync("alpha")).Value.Value.ShouldBe("two");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Basic QQ==")]
    [InlineData("Bearer ")]
    public async Task Request_without_the_token_gets_a_challenge(string? authorization)
    {
        using var http = new HttpClient(PinnedCertificate.CreateHandler(_vault.Server.CertificateFile));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_vault.Server.Uri, "secrets?api-version=7.6"));
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldContain("resource=\"https://vault.azure.net\"");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        body.RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe("Unauthorized");
    }

    [Theory]
    [InlineData("GET", "secrets/a_b", null, 404)]
    [InlineData("PUT", "secrets/a_b", "{\"value\":\"x\"}", 400)]
    [InlineData("PUT", "secrets/a", "{}", 400)]
    [InlineData("PUT", "secrets/a", "{\"value\":", 400)]
    [InlineData("PUT", "secrets/a", "[]", 400)]
    [InlineData("GET", "secrets?maxresults=0", null, 400)]
    [InlineData("GET", "secrets?maxresults=26", null, 400)]
    [InlineData("GET", "secrets?$skiptoken=!!", null, 400)]
    [InlineData("GET", "keys", null, 400)]
    [InlineData("DELETE", "secrets/nobody", null, 404)]
    [InlineData("DELETE", "deletedsecrets/nobody", null, 404)]
    public async Task Malformed_request_is_refused_in_the_services_shape(string method, string path, string? body, int status)
    {
        using var http = new HttpClient(PinnedCertificate.CreateHandler(_vault.Server.CertificateFile));
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_vault.Server.Uri, path));
        request.Headers.Authorization = new("Bearer", await File.ReadAllTextAsync(_vault.Server.TokenFile));
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await http.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(status);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        json.RootElement.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Value_beyond_the_services_limit_is_400() =>
        (await Should.ThrowAsync<RequestFailedException>(() => _client.SetSecretAsync("big", new string('x', 25_601)))).Status.ShouldBe(400);

    [Fact]
    public async Task Throttling_answers_429_with_retry_after_and_the_client_asks_once()
    {
        _vault.Faults.ThrottleForSeconds = 7;

        var error = await Should.ThrowAsync<RequestFailedException>(() => _client.GetSecretAsync("alpha"));

        error.Status.ShouldBe(429);
        error.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var after).ShouldBeTrue();
        after.ShouldBe("7");
        _vault.Faults.CallsFor("alpha").ShouldBe(1);
    }

    [Fact]
    public async Task Outage_is_503_or_no_answer_and_ends_when_lifted()
    {
        await _client.SetSecretAsync("alpha", "one");

        _vault.Faults.Unavailable = true;
        (await Should.ThrowAsync<RequestFailedException>(() => _client.GetSecretAsync("alpha"))).Status.ShouldBe(503);
        _vault.Faults.Unavailable = false;
        _vault.Faults.Unreachable = true;
        (await Should.ThrowAsync<RequestFailedException>(() => _client.GetSecretAsync("alpha"))).Status.ShouldBe(0);
        _vault.Faults.Unreachable = false;

        (await _client.GetSecretAsync("alpha")).Value.Value.ShouldBe("one");
    }

    [Fact]
    public async Task Client_refuses_a_server_with_another_certificate()
    {
        await using var other = await LocalVaultFixture.StartAsync();
        var options = _vault.Options;
        options.LocalCertificateFile = other.Server.CertificateFile;

        var client = VaultClientFactory.Create(options, TimeProvider.System);

        (await Should.ThrowAsync<RequestFailedException>(() => client.GetSecretAsync("alpha"))).Status.ShouldBe(0);
        _vault.Faults.TotalCalls.ShouldBe(0);
    }
}
