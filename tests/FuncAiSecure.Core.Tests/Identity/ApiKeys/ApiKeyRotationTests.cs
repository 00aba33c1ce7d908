using FuncAiSecure.Core.Identity.ApiKeys;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

/// <summary>When a key works: its validity, rotation, revocation, and that of the pepper, to the tick.</summary>
public sealed class ApiKeyRotationTests : ApiKeyTests
{
    [Fact]
    public async Task Key_is_valid_from_its_start_to_its_end_to_the_tick()
    {
        var start = Clock.GetUtcNow().AddSeconds(100);
        var created = await Here.CreateAsync(IdentityHarness.Request() with { NotBefore = start, Expires = start.AddSeconds(20) });

        Clock.Advance(TimeSpan.FromSeconds(100) - Tick);
        (await Here.AskAsync(created.Key)).ShouldBe(Invalid);
        Clock.Advance(Tick);
        (await Here.AskAsync(created.Key)).ShouldBe(Caller);
        Clock.Advance(TimeSpan.FromSeconds(20) - Tick);
        (await Here.AskAsync(created.Key)).ShouldBe(Caller);
        Clock.Advance(Tick);
        (await Here.AskAsync(created.Key)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Rotation_lets_both_keys_work_for_the_overlap_on_every_instance_and_exactly_one_after()
    {
        var old = await Here.CreateAsync();
        (await Here.AskAsync(old.Key)).ShouldBe(Caller);
        (await Elsewhere.AskAsync(old.Key)).ShouldBe(Caller);
        Clock.Advance(TimeSpan.FromSeconds(1));

        var rotated = await Here.Keys.RotateAsync(old.Id, TimeSpan.FromHours(24), KeyActor.VaultOperator, CancellationToken.None);

        var replacement = rotated.Value.ShouldNotBeNull();
        replacement.PreviousUntil.ShouldBe(Clock.GetUtcNow().AddHours(24));
        await ShouldBothWorkAsync(old.Key, replacement.Key);
        Clock.Advance(TimeSpan.FromHours(12));
        await ShouldBothWorkAsync(old.Key, replacement.Key);
        Clock.Advance(replacement.PreviousUntil!.Value - Clock.GetUtcNow() - TimeSpan.FromSeconds(30));
        await ShouldBothWorkAsync(old.Key, replacement.Key);
        Clock.Advance(replacement.PreviousUntil.Value - Clock.GetUtcNow() - Tick);
        foreach (var instance in new[] { Here, Elsewhere })
        {
            (await instance.AskAsync(old.Key)).ShouldBe(Caller);
            (await instance.AskAsync(replacement.Key)).ShouldBe(Caller);
        }

        Clock.Advance(Tick);
        foreach (var instance in new[] { Here, Elsewhere })
        {
            (await instance.AskAsync(old.Key)).ShouldBe(Invalid);
            (await instance.AskAsync(replacement.Key)).ShouldBe(Caller);
        }
    }

    [Fact]
    public async Task Rotated_key_starts_no_earlier_than_the_one_before_it()
    {
        var start = Clock.GetUtcNow().AddHours(1);
        var early = await Here.CreateAsync(IdentityHarness.Request() with { NotBefore = start });

        var replacement = (await Here.Keys.RotateAsync(early.Id, TimeSpan.FromHours(2), KeyActor.VaultOperator, CancellationToken.None)).Value!;

        (await Elsewhere.AskAsync(replacement.Key)).ShouldBe(Invalid);
        Clock.Advance(start - Clock.GetUtcNow());
        (await Elsewhere.AskAsync(replacement.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Key_that_ends_with_time_itself_can_be_rotated()
    {
        var lasting = await Here.CreateAsync(IdentityHarness.Request() with { Expires = DateTimeOffset.MaxValue });
        Clock.Advance(TimeSpan.FromDays(1));

        var replacement = (await Here.Keys.RotateAsync(lasting.Id, TimeSpan.Zero, KeyActor.VaultOperator, CancellationToken.None)).Value!;

        (await Elsewhere.AskAsync(replacement.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task A_timer_that_ends_early_does_not_turn_a_new_key_away()
    {
        var old = await Here.CreateAsync();
        (await Elsewhere.AskAsync(old.Key)).ShouldBe(Caller);
        Clock.Advance(TimeSpan.FromMilliseconds(100));
        var replacement = (await Here.Keys.RotateAsync(old.Id, TimeSpan.FromHours(1), KeyActor.VaultOperator, CancellationToken.None)).Value!;

        Clock.EarlyBy = TimeSpan.FromMilliseconds(3);
        var timers = Clock.ArmedTimers;
        var asking = Elsewhere.AskAsync(replacement.Key);
        await UntilAsync(() => asking.IsCompleted || Clock.ArmedTimers > timers);
        Clock.Advance(TimeSpan.FromMilliseconds(897));
        await UntilAsync(() => asking.IsCompleted || Clock.ArmedTimers > timers);
        Clock.Advance(TimeSpan.FromMilliseconds(3));

        (await asking).ShouldBe(Caller);
    }

    [Fact]
    public async Task Rotation_without_overlap_ends_the_old_key_here_at_once_and_elsewhere_within_a_minute()
    {
        var old = await Here.CreateAsync();
        await Elsewhere.AskAsync(old.Key);

        var replacement = (await Here.Keys.RotateAsync(old.Id, TimeSpan.Zero, KeyActor.VaultOperator, CancellationToken.None)).Value!;

        (await Here.AskAsync(old.Key)).ShouldBe(Invalid);
        (await Here.AskAsync(replacement.Key)).ShouldBe(Caller);
        Clock.Advance(TimeSpan.FromSeconds(60));
        (await Elsewhere.AskAsync(old.Key)).ShouldBe(Invalid);
        (await Elsewhere.AskAsync(replacement.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Second_rotation_within_the_overlap_ends_the_oldest_key_elsewhere_too_though_it_is_asked_for_by_name()
    {
        var first = await Here.CreateAsync();
        var second = (await Here.Keys.RotateAsync(first.Id, TimeSpan.FromHours(24), KeyActor.VaultOperator, CancellationToken.None)).Value!;
        (await AskWhileTimePassesAsync(Elsewhere, first.Key)).ShouldBe(Caller);

        var third = (await Here.Keys.RotateAsync(first.Id, TimeSpan.FromHours(24), KeyActor.VaultOperator, CancellationToken.None)).Value!;
        Clock.Advance(TimeSpan.FromSeconds(60));

        (await AskWhileTimePassesAsync(Elsewhere, first.Key)).ShouldBe(Invalid);
        (await AskWhileTimePassesAsync(Elsewhere, second.Key)).ShouldBe(Caller);
        (await AskWhileTimePassesAsync(Elsewhere, third.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Previous_version_disabled_in_the_vault_stops_within_a_minute_and_the_new_one_works_on()
    {
        var old = await Here.CreateAsync();
        var firstVersion = (await Here.Client.GetSecretAsync(old.Id.SecretName)).Value.Properties;
        var replacement = (await Here.Keys.RotateAsync(old.Id, TimeSpan.FromHours(24), KeyActor.VaultOperator, CancellationToken.None)).Value!;
        (await AskWhileTimePassesAsync(Here, old.Key)).ShouldBe(Caller);

        firstVersion.Enabled = false;
        await Here.Client.UpdateSecretPropertiesAsync(firstVersion);
        Clock.Advance(TimeSpan.FromSeconds(60));

        (await AskWhileTimePassesAsync(Here, old.Key)).ShouldBe(Invalid);
        (await AskWhileTimePassesAsync(Here, replacement.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Revoked_key_is_refused_here_at_once_and_elsewhere_within_a_minute()
    {
        var created = await Here.CreateAsync();
        var replacement = (await Here.Keys.RotateAsync(created.Id, TimeSpan.FromHours(1), KeyActor.VaultOperator, CancellationToken.None)).Value!;
        (await AskWhileTimePassesAsync(Here, created.Key)).ShouldBe(Caller);
        (await AskWhileTimePassesAsync(Elsewhere, created.Key)).ShouldBe(Caller);

        (await Here.Keys.RevokeAsync(created.Id, CancellationToken.None)).Succeeded.ShouldBeTrue();

        (await Here.AskAsync(created.Key)).ShouldBe(Invalid);
        (await Here.AskAsync(replacement.Key)).ShouldBe(Invalid);
        Clock.Advance(TimeSpan.FromSeconds(60) - Tick);
        (await Elsewhere.AskAsync(created.Key)).ShouldBe(Caller, "the bound is a minute, and the background refresh has not been asked to wait");
        Clock.Advance(Tick);
        (await Elsewhere.AskAsync(created.Key)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Revocation_during_an_outage_holds_on_the_revoking_instance()
    {
        var created = await Here.CreateAsync();
        await Here.AskAsync(created.Key);
        Vault.Faults.Unreachable = true;

        var outcome = await Here.Keys.RevokeAsync(created.Id, CancellationToken.None);

        outcome.Refusal!.Code.ShouldBe(RefusalCode.DependencyUnavailable);
        (await Here.AskAsync(created.Key)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Rotated_pepper_signs_new_keys_only_when_every_instance_knows_it_and_ends_old_keys_when_told()
    {
        var old = await Here.CreateAsync();
        (await Elsewhere.AskAsync(old.Key)).ShouldBe(Caller);
        (await Here.Keys.RotatePepperAsync(TimeSpan.FromDays(1), CancellationToken.None)).Succeeded.ShouldBeTrue();
        var early = await Here.CreateAsync();
        await PassAsync(TimeSpan.FromMinutes(10), Elsewhere, old.Key);
        var late = await Here.CreateAsync();

        (await Elsewhere.AskAsync(old.Key)).ShouldBe(Caller);
        (await Elsewhere.AskAsync(early.Key)).ShouldBe(Caller);
        (await Elsewhere.AskAsync(late.Key)).ShouldBe(Caller);

        await PassAsync(TimeSpan.FromDays(1), Elsewhere, old.Key, steps: 3);
        (await Elsewhere.AskAsync(old.Key)).ShouldBe(Invalid);
        (await Elsewhere.AskAsync(early.Key)).ShouldBe(Invalid);
        (await Elsewhere.AskAsync(late.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Key_signed_with_a_new_pepper_works_on_an_instance_that_no_key_was_shown_to_for_long()
    {
        var old = await Here.CreateAsync();
        (await Elsewhere.AskAsync(old.Key)).ShouldBe(Caller);
        (await Here.Keys.RotatePepperAsync(null, CancellationToken.None)).Succeeded.ShouldBeTrue();
        Clock.Advance(TimeSpan.FromMinutes(11));

        var late = await Here.CreateAsync();

        (await Elsewhere.AskAsync(late.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Key_that_peppers_read_long_ago_do_not_know_is_503_while_the_vault_is_away_and_then_judged()
    {
        var forged = ApiKeyFormat.Create(ApiKeyFormat.NewId(), new Pepper("other", new byte[32], null), out _);
        (await Here.CreateAsync()).ShouldNotBeNull();
        (await Here.AskAsync(forged)).ShouldBe(Invalid);
        Vault.Faults.Unreachable = true;
        Clock.Advance(TimeSpan.FromMinutes(10));

        (await Here.AskAsync(forged)).ShouldBe(Unavailable);
        (await Here.AskAsync("fais_nonsense")).ShouldBe(Invalid, "no pepper makes a key of it");
        Vault.Faults.Unreachable = false;
        Clock.Advance(TimeSpan.FromSeconds(20));
        (await Here.AskAsync(forged)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task A_pepper_that_is_to_retire_sooner_is_not_kept_longer_by_the_next_rotation()
    {
        var old = await Here.CreateAsync();
        (await Here.Keys.RotatePepperAsync(TimeSpan.FromDays(1), CancellationToken.None)).Succeeded.ShouldBeTrue();
        (await Here.Keys.RotatePepperAsync(TimeSpan.FromDays(30), CancellationToken.None)).Succeeded.ShouldBeTrue();

        await PassAsync(TimeSpan.FromDays(2), Elsewhere, old.Key, steps: 4);

        (await Elsewhere.AskAsync(old.Key)).ShouldBe(Invalid);
    }

    [Theory]
    [InlineData("-00:00:01")]
    [InlineData("3651.00:00:00")]
    public async Task Peppers_that_would_retire_in_the_past_or_never_are_refused(string after)
    {
        var created = await Here.CreateAsync();

        var outcome = await Here.Keys.RotatePepperAsync(TimeSpan.Parse(after, System.Globalization.CultureInfo.InvariantCulture), CancellationToken.None);

        outcome.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.InputInvalid);
        (await Elsewhere.AskAsync(created.Key)).ShouldBe(Caller);
    }

    // An instance that has asked within this second answers a key that it has not met in the next one.
    private async Task ShouldBothWorkAsync(string old, string replacement)
    {
        foreach (var instance in new[] { Here, Elsewhere })
        {
            (await AskWhileTimePassesAsync(instance, old)).ShouldBe(Caller);
            (await AskWhileTimePassesAsync(instance, replacement)).ShouldBe(Caller);
        }
    }

    private async Task PassAsync(TimeSpan time, IdentityHarness instance, string key, int steps = 4)
    {
        for (var i = 0; i < steps; i++)
        {
            Clock.Advance(time / steps);
            await instance.AskAsync(key);
        }
    }
}
