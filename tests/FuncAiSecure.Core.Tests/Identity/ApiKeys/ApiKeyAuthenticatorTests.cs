using System.Net;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

/// <summary>Known keys, forged keys, and what the cache does about them.</summary>
public sealed class ApiKeyAuthenticatorTests : ApiKeyTests
{
    [Fact]
    public async Task Valid_key_gives_the_recorded_principal()
    {
        var created = await Here.CreateAsync(IdentityHarness.Request() with { Networks = ["10.0.0.0/8"], Plan = "gold" });

        var result = await Here.ShowAsync(created.Key);

        var principal = result.Principal.ShouldNotBeNull();
        principal.Id.Value.ShouldBe(Caller);
        principal.Roles.ShouldBe(Roles.Infer);
        principal.Models.ShouldBe(["sentiment", "embed-*"]);
        principal.Networks.ShouldBe([IPNetwork.Parse("10.0.0.0/8")]);
        principal.Plan.ShouldBe("gold");
        principal.CredentialId.ShouldBe(created.Id.ToString());
        principal.CredentialKind.ShouldBe(CredentialKind.ApiKey);
    }

    [Fact]
    public async Task Warm_key_is_synchronous_allocates_nothing_and_asks_nobody()
    {
        var key = (await Here.CreateAsync()).Key;
        await Here.AskAsync(key);
        var calls = Vault.Faults.TotalCalls;
        var credential = PresentedCredential.ApiKey(key);
        for (var i = 0; i < 200; i++)
        {
            (await Here.Authenticator.AuthenticateAsync(credential, IdentityHarness.Source, CancellationToken.None)).IsAuthenticated.ShouldBeTrue();
        }

        var synchronous = true;
        Allocation.Of(() => synchronous &= AskAgain(credential)).ShouldBe(0);

        synchronous.ShouldBeTrue();
        Vault.Faults.TotalCalls.ShouldBe(calls);
    }

    [Fact]
    public async Task Forged_keys_are_refused_without_asking_the_vault_or_allocating()
    {
        await Here.AskAsync((await Here.CreateAsync()).Key);
        var calls = Vault.Faults.TotalCalls;
        var forger = new Pepper("other", System.Security.Cryptography.RandomNumberGenerator.GetBytes(32), null);
        var id = ApiKeyFormat.NewId();
        var forged = PresentedCredential.ApiKey(ApiKeyFormat.Create(id, forger, out _));
        for (var i = 0; i < 200; i++)
        {
            (await Here.Authenticator.AuthenticateAsync(forged, IdentityHarness.Source, CancellationToken.None)).IsAuthenticated.ShouldBeFalse();
        }

        Allocation.Of(() => AskAgain(forged)).ShouldBe(0);

        Vault.Faults.TotalCalls.ShouldBe(calls);
        Here.Cache.Find(id).ShouldBeNull();
    }

    [Fact]
    public async Task Many_first_requests_ask_the_vault_once()
    {
        var created = await Elsewhere.CreateAsync();
        await Here.AskAsync("fais_" + new string('0', 16) + "_" + new string('0', 59));
        var gate = new TaskCompletionSource();
        await Here.AskAsync(created.Key);
        Here.Cache.Forget(created.Id);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var before = Vault.Faults.CallsFor(created.Id.SecretName);
        Vault.Faults.Gate = gate.Task;

        var waiting = Enumerable.Range(0, 50).Select(_ => Here.AskAsync(created.Key)).ToArray();
        gate.SetResult();

        (await Task.WhenAll(waiting)).ShouldAllBe(answer => answer == Caller);
        (Vault.Faults.CallsFor(created.Id.SecretName) - before).ShouldBe(1);
    }

    [Fact]
    public async Task Used_record_is_refreshed_in_the_background_before_it_lapses()
    {
        var created = await Here.CreateAsync();
        await Here.AskAsync(created.Key);
        var before = Vault.Faults.CallsFor(created.Id.SecretName);

        Clock.Advance(TimeSpan.FromSeconds(45));
        var result = Here.ShowAsync(created.Key);

        result.IsCompletedSuccessfully.ShouldBeTrue();
        (await result).IsAuthenticated.ShouldBeTrue();
        await UntilAsync(() => Here.Cache.Find(created.Id)!.Snapshot!.Current.AskedAt == Clock.GetTimestamp());
        (Vault.Faults.CallsFor(created.Id.SecretName) - before).ShouldBe(1);
    }

    [Fact]
    public async Task Record_copied_under_another_id_or_altered_grants_nothing()
    {
        var victim = await Here.CreateAsync(IdentityHarness.Request("app:victim"));
        var attacker = await Here.CreateAsync(IdentityHarness.Request("app:attacker"));
        var record = (await Here.Client.GetSecretAsync(victim.Id.SecretName)).Value.Value;

        await Here.Client.SetSecretAsync(attacker.Id.SecretName, record);
        (await Here.AskAsync(attacker.Key)).ShouldBe(Invalid);

        await Here.Client.SetSecretAsync(victim.Id.SecretName, record.Replace("\"infer\"", "\"root\"", StringComparison.Ordinal));
        (await Elsewhere.AskAsync(victim.Key)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Cache_is_bounded()
    {
        await using var small = new IdentityHarness(Vault, Clock, new() { ["FuncAiSecure:Identity:MaxCachedKeys"] = "100" });
        for (var i = 0; i < 250; i++)
        {
            small.Cache.GetOrAdd(ApiKeyFormat.NewId());
        }

        small.Cache.Count.ShouldBeLessThanOrEqualTo(100);
    }

    /// <summary>Asks a thousand times; whether each answer was there at once.</summary>
    private bool AskAgain(PresentedCredential credential)
    {
        var synchronous = true;
        for (var i = 0; i < 1_000; i++)
        {
            synchronous &= Here.Authenticator.AuthenticateAsync(credential, IdentityHarness.Source, CancellationToken.None).IsCompletedSuccessfully;
        }

        return synchronous;
    }
}
