using System.Collections.Immutable;
using System.Net;
using System.Text;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Functions;
using FuncAiSecure.Http;
using FuncAiSecure.Tests.Middleware;
using FuncAiSecure.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Tests.Functions;

/// <summary>What an operator does has one end and one record, also where the operator goes away in the middle, or wants to seem to.</summary>
public sealed class OperatorActTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _caller = new();
    private LocalVaultFixture _vault = null!;
    private ApiKeyId _key;

    public async Task InitializeAsync()
    {
        _vault = await LocalVaultFixture.StartAsync();
        var keys = new ApiKeyService(_vault.CreateClient(), TimeProvider.System);
        var wanted = new ApiKeyRequest { Principal = "app:victim", Name = "", Roles = ["infer"], Models = ["*"] };
        _key = (await keys.CreateAsync(wanted, KeyActor.VaultOperator, default)).Value!.Id;
        (await keys.RotateAsync(_key, TimeSpan.FromDays(1), KeyActor.VaultOperator, default)).Succeeded.ShouldBeTrue();
    }

    public async Task DisposeAsync()
    {
        _caller.Dispose();
        await _vault.DisposeAsync();
    }

    [Fact]
    public async Task Caller_that_leaves_in_the_middle_of_a_revocation_cuts_it_not_short_and_it_is_on_record()
    {
        var (subject, about) = await RevokeAsync(onUpdate: _caller.Cancel);

        subject.ShouldBe($"revoke {_key}");
        about.ShouldBe("app:victim");
        (await EnabledAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Caller_that_has_gone_begins_nothing()
    {
        await _caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => RevokeAsync(onUpdate: () => { }));

        (await EnabledAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Reset_that_fails_halfway_says_and_records_which_windows_were_started_anew()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(((string[])["Minute", "Hour", "Day", "Month"]).SelectMany(
            window => (KeyValuePair<string, string?>[])
            [
                new($"{QuotaOptions.SectionName}:Plans:standard:Policies:a-{window.ToLowerInvariant()}:Window", window),
                new($"{QuotaOptions.SectionName}:Plans:standard:Policies:a-{window.ToLowerInvariant()}:Amount", "5"),
            ])).Build();
        var tables = new TableServiceClient(
            new Uri("https://127.0.0.1:1/"),
            new TableSharedKeyCredential("a", Convert.ToBase64String(new byte[32])),
            new TableClientOptions { Retry = { MaxRetries = 0 }, Transport = new HttpClientTransport(new CountersWithoutDays()) });
        var quotas = QuotaServiceCollectionExtensions.CreateForTools(tables, settings, TimeProvider.System);
        using var services = new ServiceCollection().AddSingleton(quotas).BuildServiceProvider();
        using var state = GuardServices.Request(nameof(UsageFunctions.ManageReset), """{"principal":"app:victim"}""", services);

        await UsageFunctions.ManageReset(state.Http.Request, state.Invocation);

        state.Refusal!.Code.ShouldBe(RefusalCode.DependencyUnavailable);
        state.Refusal.Detail!.ShouldContain("a-minute, a-hour.");
        (state.Subject, state.About?.Value).ShouldBe(("reset a-minute a-hour", "app:victim"));
    }

    private async Task<(string? Subject, string? About)> RevokeAsync(Action onUpdate)
    {
        var keys = new ApiKeyService(new WatchedVault(_vault.CreateClient(), onUpdate), TimeProvider.System);
        var http = new DefaultHttpContext { RequestAborted = _caller.Token };
        http.Request.Method = HttpMethods.Delete;
        http.Request.RouteValues["id"] = _key.ToString();
        var invocation = new BareInvocation { InstanceServices = new ServiceCollection().AddSingleton(keys).BuildServiceProvider() };
        using var state = new RequestState(http, invocation, Endpoints.Of(nameof(KeyFunctions.KeysItem)), TimeProvider.System) { Principal = GuardServices.Caller() };
        invocation.Hold(state);
        await KeyFunctions.KeysItem(http.Request, invocation);
        return (state.Subject, state.About?.Value);
    }

    private async Task<ImmutableArray<string>> EnabledAsync()
    {
        var enabled = ImmutableArray.CreateBuilder<string>();
        await foreach (var version in _vault.CreateClient().GetPropertiesOfSecretVersionsAsync($"apikey-{_key}"))
        {
            if (version.Enabled == true)
            {
                enabled.Add(version.Version);
            }
        }

        return enabled.ToImmutable();
    }

    /// <summary>A table of counters with no row; those of days cannot be asked.</summary>
    private sealed class CountersWithoutDays : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isDay = request.RequestUri!.ToString().Contains("a-day", StringComparison.Ordinal);
            var answer = new HttpResponseMessage(isDay ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.NotFound)
            {
                Content = new StringContent("""{"odata.error":{"code":"ResourceNotFound"}}""", Encoding.UTF8, "application/json"),
            };
            answer.Headers.Date = DateTimeOffset.UtcNow;
            return Task.FromResult(answer);
        }
    }

    /// <summary>The vault, which tells of each change that it has made; whoever's token ends then never learns of it.</summary>
    private sealed class WatchedVault(SecretClient vault, Action onUpdate) : SecretClient
    {
        public override AsyncPageable<SecretProperties> GetPropertiesOfSecretVersionsAsync(string name, CancellationToken cancellationToken = default) =>
            vault.GetPropertiesOfSecretVersionsAsync(name, cancellationToken);

        public override async Task<Response<SecretProperties>> UpdateSecretPropertiesAsync(SecretProperties properties, CancellationToken cancellationToken = default)
        {
            var answer = await vault.UpdateSecretPropertiesAsync(properties, default);
            onUpdate();
            cancellationToken.ThrowIfCancellationRequested();
            return answer;
        }
    }
}
