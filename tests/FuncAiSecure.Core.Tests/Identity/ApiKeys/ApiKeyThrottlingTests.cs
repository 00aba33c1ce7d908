using System.Net;
using FuncAiSecure.Core.Identity.ApiKeys;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

/// <summary>Sources and keys that fail too often.</summary>
public sealed class ApiKeyThrottlingTests : ApiKeyTests
{
    [Fact]
    public async Task Source_that_fails_too_often_is_throttled_while_known_keys_from_there_still_pass()
    {
        var created = await Here.CreateAsync();
        await Here.AskAsync(created.Key);
        var neighbour = IPAddress.Parse("203.0.113.200");
        var stranger = IPAddress.Parse("203.0.114.1");

        var answers = new List<string>();
        for (var i = 0; i < 31; i++)
        {
            answers.Add(await Here.AskAsync("fais_nonsense"));
        }

        answers.Take(30).ShouldAllBe(answer => answer == Invalid);
        answers[30].ShouldBe(Throttled);
        (await Here.AskAsync("fais_nonsense", neighbour)).ShouldBe(Throttled);
        (await Here.AskAsync("fais_nonsense", stranger)).ShouldBe(Invalid);
        (await Here.AskAsync(created.Key)).ShouldBe(Caller);
        Clock.Advance(TimeSpan.FromSeconds(2));
        (await Here.AskAsync("fais_nonsense")).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Retired_key_that_keeps_knocking_is_throttled_by_its_id_and_the_vault_hears_little()
    {
        var old = await Here.CreateAsync();
        var replacement = (await Here.Keys.RotateAsync(old.Id, TimeSpan.Zero, KeyActor.VaultOperator, CancellationToken.None)).Value!;
        (await Here.AskAsync(replacement.Key)).ShouldBe(Caller);
        var before = Vault.Faults.CallsFor(old.Id.SecretName);

        var answers = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            answers.Add(await Here.AskAsync(old.Key, IPAddress.Parse($"198.51.{i}.1")));
        }

        answers.ShouldContain(Throttled);
        answers.ShouldAllBe(answer => answer == Throttled || answer == Invalid);
        (Vault.Faults.CallsFor(old.Id.SecretName) - before).ShouldBeLessThan(20);
        (await Here.AskAsync(replacement.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Retired_key_that_keeps_knocking_does_not_lock_out_the_key_that_a_rotation_elsewhere_made()
    {
        var first = await Here.CreateAsync();
        var second = (await Here.Keys.RotateAsync(first.Id, TimeSpan.Zero, KeyActor.VaultOperator, CancellationToken.None)).Value!;
        (await Here.AskAsync(second.Key)).ShouldBe(Caller);
        await KnockAsync(first.Key, 20);

        var third = (await Elsewhere.Keys.RotateAsync(first.Id, TimeSpan.Zero, KeyActor.VaultOperator, CancellationToken.None)).Value!;
        (await KnockAsync(first.Key, 61)).ShouldContain(Throttled);

        (await AskWhileTimePassesAsync(Here, third.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Revoked_key_that_is_shown_again_does_not_have_the_vault_asked_again_at_once()
    {
        var created = await Elsewhere.CreateAsync();
        (await Here.AskAsync(created.Key)).ShouldBe(Caller);
        await Elsewhere.Keys.RevokeAsync(created.Id, CancellationToken.None);
        Clock.Advance(TimeSpan.FromSeconds(60));
        (await AskWhileTimePassesAsync(Here, created.Key)).ShouldBe(Invalid);
        var before = Vault.Faults.CallsFor(created.Id.SecretName);

        Clock.Advance(TimeSpan.FromSeconds(5));
        (await AskWhileTimePassesAsync(Here, created.Key)).ShouldBe(Invalid);

        Vault.Faults.CallsFor(created.Id.SecretName).ShouldBe(before);
    }

    private async Task<List<string>> KnockAsync(string key, int seconds)
    {
        var answers = new List<string>();
        for (var i = 0; i < seconds; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            answers.Add(await AskWhileTimePassesAsync(Here, key));
        }

        return answers;
    }
}
