using Azure;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Identity.ApiKeys;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

/// <summary>Two operators at the same key: a revocation holds, whatever a rotation was about to do.</summary>
public sealed class ApiKeyRaceTests : ApiKeyTests
{
    [Theory]
    [InlineData(nameof(SecretClient.SetSecretAsync))]
    [InlineData(nameof(SecretClient.UpdateSecretPropertiesAsync))]
    public async Task Revocation_in_the_middle_of_a_rotation_holds(string step)
    {
        var created = await Here.CreateAsync();
        var client = new InterruptedClient(Vault.CreateClient(), step, () => Elsewhere.Keys.RevokeAsync(created.Id, CancellationToken.None));

        var outcome = await new ApiKeyService(client, Clock).RotateAsync(created.Id, TimeSpan.FromHours(1), KeyActor.VaultOperator, CancellationToken.None);

        client.WasInterrupted.ShouldBeTrue();
        outcome.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.Conflict);
        (await EnabledVersionsAsync(created.Id)).ShouldBe(0);
        (await AskWhileTimePassesAsync(Here, created.Key)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Rotation_that_the_vault_cut_short_costs_nothing_when_it_is_done_again()
    {
        var created = await Here.CreateAsync();
        var client = new InterruptedClient(
            Vault.CreateClient(), nameof(SecretClient.UpdateSecretPropertiesAsync), () => throw new RequestFailedException(503, "busy"));
        var keys = new ApiKeyService(client, Clock);

        var cut = await keys.RotateAsync(created.Id, TimeSpan.FromHours(1), KeyActor.VaultOperator, CancellationToken.None);
        Clock.Advance(TimeSpan.FromMinutes(1));
        var again = await keys.RotateAsync(created.Id, TimeSpan.FromHours(1), KeyActor.VaultOperator, CancellationToken.None);

        cut.Refusal.ShouldNotBeNull().Detail!.ShouldContain("ROTATE AGAIN", Case.Insensitive);
        Clock.Advance(TimeSpan.FromMinutes(59));
        (await AskWhileTimePassesAsync(Here, again.Value!.Key)).ShouldBe(Caller);
        (await AskWhileTimePassesAsync(Elsewhere, created.Key)).ShouldBe(Caller);
        Clock.Advance(again.Value.PreviousUntil!.Value - Clock.GetUtcNow());
        (await Elsewhere.AskAsync(created.Key)).ShouldBe(Invalid);
        (await Elsewhere.AskAsync(again.Value.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Rotation_in_the_middle_of_a_revocation_does_not_outlive_it()
    {
        var created = await Here.CreateAsync();
        CreatedApiKey? replacement = null;
        var client = new InterruptedClient(
            Vault.CreateClient(),
            nameof(SecretClient.UpdateSecretPropertiesAsync),
            async () => replacement = (await Here.Keys.RotateAsync(created.Id, TimeSpan.FromHours(1), KeyActor.VaultOperator, CancellationToken.None)).Value);

        (await new ApiKeyService(client, Clock).RevokeAsync(created.Id, CancellationToken.None)).Succeeded.ShouldBeTrue();

        replacement.ShouldNotBeNull();
        (await EnabledVersionsAsync(created.Id)).ShouldBe(0);
        (await AskWhileTimePassesAsync(Elsewhere, replacement.Key)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Revocation_ends_and_says_so_where_the_vault_goes_on_showing_enabled_versions()
    {
        var created = await Here.CreateAsync();
        var client = new ForgetfulClient(Vault.CreateClient());

        var outcome = await new ApiKeyService(client, Clock).RevokeAsync(created.Id, CancellationToken.None);

        outcome.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.DependencyUnavailable);
        outcome.Refusal.RetryAfter.ShouldNotBeNull();
        client.Updates.ShouldBe(10);
    }

    private async Task<int> EnabledVersionsAsync(ApiKeyId id)
    {
        var enabled = 0;
        await foreach (var version in Vault.CreateClient().GetPropertiesOfSecretVersionsAsync(id.SecretName))
        {
            enabled += version.Enabled != false ? 1 : 0;
        }

        return enabled;
    }

    /// <summary>A vault that takes every change and shows none.</summary>
    private sealed class ForgetfulClient(SecretClient inner) : SecretClient
    {
        public int Updates { get; private set; }

        public override AsyncPageable<SecretProperties> GetPropertiesOfSecretVersionsAsync(string name, CancellationToken cancellationToken = default) =>
            inner.GetPropertiesOfSecretVersionsAsync(name, cancellationToken);

        public override Task<Response<SecretProperties>> UpdateSecretPropertiesAsync(SecretProperties properties, CancellationToken cancellationToken = default)
        {
            Updates++;
            return Task.FromResult(Response.FromValue(properties, null!));
        }
    }

    /// <summary>Lets somebody else act once, just before a step.</summary>
    private sealed class InterruptedClient(SecretClient inner, string step, Func<Task> interrupt) : SecretClient
    {
        public bool WasInterrupted { get; private set; }

        public override Task<Response<KeyVaultSecret>> GetSecretAsync(string name, string? version = null, CancellationToken cancellationToken = default) =>
            inner.GetSecretAsync(name, version, cancellationToken);

        public override AsyncPageable<SecretProperties> GetPropertiesOfSecretVersionsAsync(string name, CancellationToken cancellationToken = default) =>
            inner.GetPropertiesOfSecretVersionsAsync(name, cancellationToken);

        public override async Task<Response<KeyVaultSecret>> SetSecretAsync(KeyVaultSecret secret, CancellationToken cancellationToken = default)
        {
            await InterruptAsync(nameof(SetSecretAsync));
            return await inner.SetSecretAsync(secret, cancellationToken);
        }

        public override async Task<Response<SecretProperties>> UpdateSecretPropertiesAsync(SecretProperties properties, CancellationToken cancellationToken = default)
        {
            await InterruptAsync(nameof(UpdateSecretPropertiesAsync));
            return await inner.UpdateSecretPropertiesAsync(properties, cancellationToken);
        }

        private async Task InterruptAsync(string now)
        {
            if (now == step && !WasInterrupted)
            {
                WasInterrupted = true;
                await interrupt();
            }
        }
    }
}
