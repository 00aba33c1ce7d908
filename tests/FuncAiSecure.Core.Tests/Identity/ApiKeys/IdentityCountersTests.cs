using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

/// <summary>What the metrics say of keys and of the vault.</summary>
public sealed class IdentityCountersTests : ApiKeyTests
{
    [Fact]
    public async Task Every_key_is_counted_once_by_where_its_judgement_came_from()
    {
        var key = (await Elsewhere.CreateAsync()).Key;
        await Here.AskAsync(key);
        await Here.AskAsync(key);
        await Here.AskAsync(key);
        await Here.AskAsync("fais_nonsense");

        Judged(CacheOutcome.Miss).ShouldBe(1);
        Judged(CacheOutcome.Hit).ShouldBe(2);
        Judged(CacheOutcome.Refused).ShouldBe(1);
        Here.Counters.Judged(CredentialKind.Token, CacheOutcome.Refused).ShouldBe(0);
    }

    [Fact]
    public async Task Every_call_of_the_vault_is_counted_as_answered_or_failed()
    {
        var known = await Elsewhere.CreateAsync();
        var unknown = await Elsewhere.CreateAsync();
        var before = Vault.Faults.TotalCalls;
        await Here.AskAsync(known.Key);
        Here.Counters.VaultAnswers.ShouldBe(Vault.Faults.TotalCalls - before);
        Here.Counters.VaultFailures.ShouldBe(0);

        Vault.Faults.ThrottleForSeconds = 1;
        await Here.AskAsync(unknown.Key);

        Here.Counters.VaultFailures.ShouldBe(1);
        Here.Counters.VaultAnswers.ShouldBe(Vault.Faults.TotalCalls - before - 1);
    }

    private long Judged(CacheOutcome outcome) => Here.Counters.Judged(CredentialKind.ApiKey, outcome);
}
