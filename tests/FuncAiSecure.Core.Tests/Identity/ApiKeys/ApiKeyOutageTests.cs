using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Identity.ApiKeys;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

/// <summary>A vault that is away, throttles, or holds no pepper.</summary>
public sealed class ApiKeyOutageTests : ApiKeyTests
{
    [Theory]
    [InlineData("unreachable")]
    [InlineData("unavailable")]
    [InlineData("throttled")]
    public async Task Known_key_serves_ten_minutes_of_outage_then_503_and_recovers(string fault)
    {
        var known = await Here.CreateAsync();
        var unknown = await Elsewhere.CreateAsync();
        (await Here.AskAsync(known.Key)).ShouldBe(Caller);
        SetFault(fault, on: true);
        var calls = Vault.Faults.TotalCalls;

        (await Here.AskAsync(unknown.Key)).ShouldBe(Unavailable);
        for (var minute = 0; minute < 10; minute++)
        {
            (await Here.AskAsync(known.Key)).ShouldBe(Caller, $"minute {minute}");
            Clock.Advance(TimeSpan.FromMinutes(1) - (minute == 9 ? Tick : TimeSpan.Zero));
        }

        (await Here.AskAsync(known.Key)).ShouldBe(Caller);
        Clock.Advance(Tick);
        (await Here.AskAsync(known.Key)).ShouldBe(Unavailable);
        (await Here.AskAsync(unknown.Key)).ShouldBe(Unavailable);
        (Vault.Faults.TotalCalls - calls).ShouldBeLessThan(20);

        // Peppers are read in the background: a failure that came after the outage would begin another pause, and a read that was due
        // then would ask in the key's place. The first call waits for one that began earlier, the second for one of now.
        await Here.Peppers.RefreshAsync();
        await Here.Peppers.RefreshAsync();
        SetFault(fault, on: false);
        Clock.Advance(TimeSpan.FromMinutes(2));
        (await Here.AskAsync(known.Key)).ShouldBe(Caller);
        (await Here.AskAsync(unknown.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Throttled_vault_is_asked_at_most_once_a_key_and_second()
    {
        var created = await Elsewhere.CreateAsync();
        await Here.AskAsync((await Here.CreateAsync()).Key);
        Vault.Faults.ThrottleForSeconds = 0;
        var before = Vault.Faults.CallsFor(created.Id.SecretName);

        for (var i = 0; i < 100; i++)
        {
            (await Here.AskAsync(created.Key)).ShouldBe(Unavailable);
            Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        (Vault.Faults.CallsFor(created.Id.SecretName) - before).ShouldBeInRange(1, 5);
    }

    [Fact]
    public async Task Vault_without_a_pepper_is_503_until_there_is_one()
    {
        var forger = new Pepper("other", new byte[32], null);
        (await Here.AskAsync(ApiKeyFormat.Create(ApiKeyFormat.NewId(), forger, out _))).ShouldBe(Unavailable);

        var created = await Elsewhere.CreateAsync();
        (await Here.AskAsync(created.Key)).ShouldBe(Unavailable, "the vault was asked within this second");
        Clock.Advance(TimeSpan.FromSeconds(1));

        (await Here.AskAsync(created.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Key_under_the_only_pepper_is_served_no_more_once_that_is_disabled()
    {
        var created = await Here.CreateAsync();
        (await Here.AskAsync(created.Key)).ShouldBe(Caller);
        SecretProperties pepper = (await Here.Client.GetSecretAsync(Pepper.SecretName)).Value.Properties;
        pepper.Enabled = false;
        await Here.Client.UpdateSecretPropertiesAsync(pepper);

        Clock.Advance(TimeSpan.FromSeconds(5));
        await Here.Peppers.RefreshAsync();

        (await Here.AskAsync(created.Key)).ShouldBe(Unavailable);
    }

    private void SetFault(string fault, bool on)
    {
        Vault.Faults.Unreachable = on && fault == "unreachable";
        Vault.Faults.Unavailable = on && fault == "unavailable";
        Vault.Faults.ThrottleForSeconds = on && fault == "throttled" ? 2 : null;
    }
}
