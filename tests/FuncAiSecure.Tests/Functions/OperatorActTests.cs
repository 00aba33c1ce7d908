using System.Collections.Immutable;
using Azure;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.Functions;
using FuncAiSecure.Http;
using FuncAiSecure.Tests.Middleware;
using FuncAiSecure.TestSupport;
using Microsoft.AspNetCore.Http;
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
