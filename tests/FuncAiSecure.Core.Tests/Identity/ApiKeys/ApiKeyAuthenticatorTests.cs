using System.Net;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

/// <summary>API keys against a real vault over TLS, on a manual clock.</summary>
public sealed class ApiKeyAuthenticatorTests : IAsyncLifetime
{
    private const string Invalid = nameof(RefusalCode.CredentialInvalid);
    private const string Unavailable = nameof(RefusalCode.DependencyUnavailable);
    private const string Throttled = nameof(RefusalCode.RateLimited);
    private const string Caller = "app:billing";

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ManualTimeProvider _clock = new();
    private LocalVaultFixture _vault = null!;
    private IdentityHarness _here = null!;
    private IdentityHarness _elsewhere = null!;

    public async Task InitializeAsync()
    {
        _vault = await LocalVaultFixture.StartAsync(_clock);
        _here = new IdentityHarness(_vault, _clock);
        _elsewhere = new IdentityHarness(_vault, _clock);
    }

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        await _elsewhere.DisposeAsync();
        await _vault.DisposeAsync();
    }

    [Fact]
    public async Task Valid_key_gives_the_recorded_principal()
    {
        var created = await _here.CreateAsync(IdentityHarness.Request() with { Networks = ["10.0.0.0/8"], Plan = "gold" });

        var result = await _here.ShowAsync(created.Key);

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
        var key = (await _here.CreateAsync()).Key;
        await _here.AskAsync(key);
        var calls = _vault.Faults.TotalCalls;
        var credential = PresentedCredential.ApiKey(key);
        for (var i = 0; i < 200; i++)
        {
            (await _here.Authenticator.AuthenticateAsync(credential, IdentityHarness.Source, CancellationToken.None)).IsAuthenticated.ShouldBeTrue();
        }

        var allocated = MeasureAllocation(credential, out var synchronous);

        synchronous.ShouldBeTrue();
        allocated.ShouldBe(0);
        _vault.Faults.TotalCalls.ShouldBe(calls);
    }

    [Fact]
    public async Task Forged_keys_are_refused_without_asking_the_vault_or_allocating()
    {
        await _here.AskAsync((await _here.CreateAsync()).Key);
        var calls = _vault.Faults.TotalCalls;
        var forger = new Pepper("other", System.Security.Cryptography.RandomNumberGenerator.GetBytes(32), null);
        var id = ApiKeyFormat.NewId();
        var forged = PresentedCredential.ApiKey(ApiKeyFormat.Create(id, forger, out _));
        for (var i = 0; i < 200; i++)
        {
            (await _here.Authenticator.AuthenticateAsync(forged, IdentityHarness.Source, CancellationToken.None)).IsAuthenticated.ShouldBeFalse();
        }

        MeasureAllocation(forged, out _).ShouldBe(0);
        _vault.Faults.TotalCalls.ShouldBe(calls);
        _here.Cache.Find(id).ShouldBeNull();
    }

    [Fact]
    public async Task Many_first_requests_ask_the_vault_once()
    {
        var created = await _elsewhere.CreateAsync();
        await _here.AskAsync("fais_" + new string('0', 16) + "_" + new string('0', 59));
        var gate = new TaskCompletionSource();
        await _here.AskAsync(created.Key);
        _here.Cache.Forget(created.Id);
        var before = _vault.Faults.CallsFor(created.Id.SecretName);
        _vault.Faults.Gate = gate.Task;

        var waiting = Enumerable.Range(0, 50).Select(_ => _here.AskAsync(created.Key)).ToArray();
        gate.SetResult();

        (await Task.WhenAll(waiting)).ShouldAllBe(answer => answer == Caller);
        (_vault.Faults.CallsFor(created.Id.SecretName) - before).ShouldBe(1);
    }

    [Fact]
    public async Task Key_is_valid_from_its_start_to_its_end_to_the_tick()
    {
        var start = _clock.GetUtcNow().AddSeconds(100);
        var created = await _here.CreateAsync(IdentityHarness.Request() with { NotBefore = start, Expires = start.AddSeconds(20) });

        _clock.Advance(TimeSpan.FromSeconds(100) - Tick);
        (await _here.AskAsync(created.Key)).ShouldBe(Invalid);
        _clock.Advance(Tick);
        (await _here.AskAsync(created.Key)).ShouldBe(Caller);
        _clock.Advance(TimeSpan.FromSeconds(20) - Tick);
        (await _here.AskAsync(created.Key)).ShouldBe(Caller);
        _clock.Advance(Tick);
        (await _here.AskAsync(created.Key)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Rotation_lets_both_keys_work_for_the_overlap_on_every_instance_and_exactly_one_after()
    {
        var old = await _here.CreateAsync();
        (await _here.AskAsync(old.Key)).ShouldBe(Caller);
        (await _elsewhere.AskAsync(old.Key)).ShouldBe(Caller);
        _clock.Advance(TimeSpan.FromSeconds(1));

        var rotated = await _here.Keys.RotateAsync(old.Id, TimeSpan.FromHours(24), KeyActor.VaultOperator, CancellationToken.None);

        var replacement = rotated.Value.ShouldNotBeNull();
        replacement.PreviousUntil.ShouldBe(_clock.GetUtcNow().AddHours(24));
        await ShouldBothWorkAsync(old.Key, replacement.Key);
        _clock.Advance(TimeSpan.FromHours(12));
        await ShouldBothWorkAsync(old.Key, replacement.Key);
        _clock.Advance(TimeSpan.FromHours(12) - Tick);
        await ShouldBothWorkAsync(old.Key, replacement.Key);
        _clock.Advance(Tick);
        foreach (var instance in new[] { _here, _elsewhere })
        {
            (await instance.AskAsync(old.Key)).ShouldBe(Invalid);
            (await instance.AskAsync(replacement.Key)).ShouldBe(Caller);
        }
    }

    [Fact]
    public async Task Rotation_without_overlap_ends_the_old_key_here_at_once_and_elsewhere_within_a_minute()
    {
        var old = await _here.CreateAsync();
        await _elsewhere.AskAsync(old.Key);

        var replacement = (await _here.Keys.RotateAsync(old.Id, TimeSpan.Zero, KeyActor.VaultOperator, CancellationToken.None)).Value!;

        (await _here.AskAsync(old.Key)).ShouldBe(Invalid);
        (await _here.AskAsync(replacement.Key)).ShouldBe(Caller);
        _clock.Advance(TimeSpan.FromSeconds(60));
        (await _elsewhere.AskAsync(old.Key)).ShouldBe(Invalid);
        (await _elsewhere.AskAsync(replacement.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Previous_version_disabled_in_the_vault_stops_within_a_minute_and_the_new_one_works_on()
    {
        var old = await _here.CreateAsync();
        var firstVersion = (await _here.Client.GetSecretAsync(old.Id.SecretName)).Value.Properties;
        var replacement = (await _here.Keys.RotateAsync(old.Id, TimeSpan.FromHours(24), KeyActor.VaultOperator, CancellationToken.None)).Value!;
        (await _here.AskAsync(old.Key)).ShouldBe(Caller);

        firstVersion.Enabled = false;
        await _here.Client.UpdateSecretPropertiesAsync(firstVersion);
        _clock.Advance(TimeSpan.FromSeconds(60));

        (await _here.AskAsync(old.Key)).ShouldBe(Invalid);
        (await _here.AskAsync(replacement.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Revoked_key_is_refused_here_at_once_and_elsewhere_within_a_minute()
    {
        var created = await _here.CreateAsync();
        var replacement = (await _here.Keys.RotateAsync(created.Id, TimeSpan.FromHours(1), KeyActor.VaultOperator, CancellationToken.None)).Value!;
        (await _here.AskAsync(created.Key)).ShouldBe(Caller);
        (await _elsewhere.AskAsync(created.Key)).ShouldBe(Caller);

        (await _here.Keys.RevokeAsync(created.Id, CancellationToken.None)).Succeeded.ShouldBeTrue();

        (await _here.AskAsync(created.Key)).ShouldBe(Invalid);
        (await _here.AskAsync(replacement.Key)).ShouldBe(Invalid);
        _clock.Advance(TimeSpan.FromSeconds(60) - Tick);
        (await _elsewhere.AskAsync(created.Key)).ShouldBe(Caller, "the bound is a minute, and the background refresh has not been asked to wait");
        _clock.Advance(Tick);
        (await _elsewhere.AskAsync(created.Key)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Revocation_during_an_outage_holds_on_the_revoking_instance()
    {
        var created = await _here.CreateAsync();
        await _here.AskAsync(created.Key);
        _vault.Faults.Unreachable = true;

        var outcome = await _here.Keys.RevokeAsync(created.Id, CancellationToken.None);

        outcome.Refusal!.Code.ShouldBe(RefusalCode.DependencyUnavailable);
        (await _here.AskAsync(created.Key)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Used_record_is_refreshed_in_the_background_before_it_lapses()
    {
        var created = await _here.CreateAsync();
        await _here.AskAsync(created.Key);
        var before = _vault.Faults.CallsFor(created.Id.SecretName);

        _clock.Advance(TimeSpan.FromSeconds(45));
        var result = _here.ShowAsync(created.Key);

        result.IsCompletedSuccessfully.ShouldBeTrue();
        (await result).IsAuthenticated.ShouldBeTrue();
        await UntilAsync(() => _here.Cache.Find(created.Id)!.Snapshot!.AskedAt == _clock.GetTimestamp());
        (_vault.Faults.CallsFor(created.Id.SecretName) - before).ShouldBe(1);
    }

    [Theory]
    [InlineData("unreachable")]
    [InlineData("unavailable")]
    [InlineData("throttled")]
    public async Task Known_key_serves_ten_minutes_of_outage_then_503_and_recovers(string fault)
    {
        var known = await _here.CreateAsync();
        var unknown = await _elsewhere.CreateAsync();
        (await _here.AskAsync(known.Key)).ShouldBe(Caller);
        SetFault(fault, on: true);
        var calls = _vault.Faults.TotalCalls;

        (await _here.AskAsync(unknown.Key)).ShouldBe(Unavailable);
        for (var minute = 0; minute < 10; minute++)
        {
            (await _here.AskAsync(known.Key)).ShouldBe(Caller, $"minute {minute}");
            _clock.Advance(TimeSpan.FromMinutes(1) - (minute == 9 ? Tick : TimeSpan.Zero));
        }

        (await _here.AskAsync(known.Key)).ShouldBe(Caller);
        _clock.Advance(Tick);
        (await _here.AskAsync(known.Key)).ShouldBe(Unavailable);
        (await _here.AskAsync(unknown.Key)).ShouldBe(Unavailable);
        (_vault.Faults.TotalCalls - calls).ShouldBeLessThan(20);

        SetFault(fault, on: false);
        _clock.Advance(TimeSpan.FromMinutes(2));
        (await _here.AskAsync(known.Key)).ShouldBe(Caller);
        (await _here.AskAsync(unknown.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Throttled_vault_is_asked_at_most_once_a_key_and_second()
    {
        var created = await _elsewhere.CreateAsync();
        await _here.AskAsync((await _here.CreateAsync()).Key);
        _vault.Faults.ThrottleForSeconds = 0;
        var before = _vault.Faults.CallsFor(created.Id.SecretName);

        for (var i = 0; i < 100; i++)
        {
            (await _here.AskAsync(created.Key)).ShouldBe(Unavailable);
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        (_vault.Faults.CallsFor(created.Id.SecretName) - before).ShouldBeInRange(1, 5);
    }

    [Fact]
    public async Task Vault_without_a_pepper_is_503_until_there_is_one()
    {
        var forger = new Pepper("other", new byte[32], null);
        (await _here.AskAsync(ApiKeyFormat.Create(ApiKeyFormat.NewId(), forger, out _))).ShouldBe(Unavailable);

        var created = await _elsewhere.CreateAsync();
        (await _here.AskAsync(created.Key)).ShouldBe(Unavailable, "the vault was asked within this second");
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await _here.AskAsync(created.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Rotated_pepper_signs_new_keys_only_when_every_instance_knows_it_and_ends_old_keys_when_told()
    {
        var old = await _here.CreateAsync();
        (await _elsewhere.AskAsync(old.Key)).ShouldBe(Caller);
        (await _here.Keys.RotatePepperAsync(TimeSpan.FromDays(1), CancellationToken.None)).Succeeded.ShouldBeTrue();
        var early = await _here.CreateAsync();
        await PassAsync(TimeSpan.FromMinutes(10), _elsewhere, old.Key);
        var late = await _here.CreateAsync();

        (await _elsewhere.AskAsync(old.Key)).ShouldBe(Caller);
        (await _elsewhere.AskAsync(early.Key)).ShouldBe(Caller);
        (await _elsewhere.AskAsync(late.Key)).ShouldBe(Caller);

        await PassAsync(TimeSpan.FromDays(1), _elsewhere, old.Key, steps: 3);
        (await _elsewhere.AskAsync(old.Key)).ShouldBe(Invalid);
        (await _elsewhere.AskAsync(early.Key)).ShouldBe(Invalid);
        (await _elsewhere.AskAsync(late.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Record_copied_under_another_id_or_altered_grants_nothing()
    {
        var victim = await _here.CreateAsync(IdentityHarness.Request("app:victim"));
        var attacker = await _here.CreateAsync(IdentityHarness.Request("app:attacker"));
        var record = (await _here.Client.GetSecretAsync(victim.Id.SecretName)).Value.Value;

        await _here.Client.SetSecretAsync(attacker.Id.SecretName, record);
        (await _here.AskAsync(attacker.Key)).ShouldBe(Invalid);

        await _here.Client.SetSecretAsync(victim.Id.SecretName, record.Replace("\"infer\"", "\"root\"", StringComparison.Ordinal));
        (await _elsewhere.AskAsync(victim.Key)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Source_that_fails_too_often_is_throttled_while_known_keys_from_there_still_pass()
    {
        var created = await _here.CreateAsync();
        await _here.AskAsync(created.Key);
        var neighbour = IPAddress.Parse("203.0.113.200");
        var stranger = IPAddress.Parse("203.0.114.1");

        var answers = new List<string>();
        for (var i = 0; i < 31; i++)
        {
            answers.Add(await _here.AskAsync("fais_nonsense"));
        }

        answers.Take(30).ShouldAllBe(answer => answer == Invalid);
        answers[30].ShouldBe(Throttled);
        (await _here.AskAsync("fais_nonsense", neighbour)).ShouldBe(Throttled);
        (await _here.AskAsync("fais_nonsense", stranger)).ShouldBe(Invalid);
        (await _here.AskAsync(created.Key)).ShouldBe(Caller);
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await _here.AskAsync("fais_nonsense")).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Retired_key_that_keeps_knocking_is_throttled_by_its_id_and_the_vault_hears_little()
    {
        var old = await _here.CreateAsync();
        var replacement = (await _here.Keys.RotateAsync(old.Id, TimeSpan.Zero, KeyActor.VaultOperator, CancellationToken.None)).Value!;
        (await _here.AskAsync(replacement.Key)).ShouldBe(Caller);
        var before = _vault.Faults.CallsFor(old.Id.SecretName);

        var answers = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            answers.Add(await _here.AskAsync(old.Key, IPAddress.Parse($"198.51.{i}.1")));
        }

        answers.ShouldContain(Throttled);
        answers.ShouldAllBe(answer => answer == Throttled || answer == Invalid);
        (_vault.Faults.CallsFor(old.Id.SecretName) - before).ShouldBeLessThan(20);
        (await _here.AskAsync(replacement.Key)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Cache_is_bounded()
    {
        await using var small = new IdentityHarness(_vault, _clock, new() { ["FuncAiSecure:Identity:MaxCachedKeys"] = "100" });
        for (var i = 0; i < 250; i++)
        {
            small.Cache.GetOrAdd(ApiKeyFormat.NewId());
        }

        small.Cache.Count.ShouldBeLessThanOrEqualTo(100);
    }

    private long MeasureAllocation(PresentedCredential credential, out bool synchronous)
    {
        synchronous = true;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            synchronous &= _here.Authenticator.AuthenticateAsync(credential, IdentityHarness.Source, CancellationToken.None).IsCompletedSuccessfully;
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private async Task ShouldBothWorkAsync(string old, string replacement)
    {
        foreach (var instance in new[] { _here, _elsewhere })
        {
            (await instance.AskAsync(old)).ShouldBe(Caller);
            var answer = instance.AskAsync(replacement);

            // An instance that has asked within this second may wait for the next one.
            if (!answer.IsCompleted)
            {
                await UntilAsync(() => answer.IsCompleted || _clock.ArmedTimers > 0);
            }

            (await answer.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(Caller);
        }
    }

    private async Task PassAsync(TimeSpan time, IdentityHarness instance, string key, int steps = 4)
    {
        for (var i = 0; i < steps; i++)
        {
            _clock.Advance(time / steps);
            await instance.AskAsync(key);
            await instance.AskAsync(key);
            await UntilAsync(() => true);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        do
        {
            await Task.Delay(5, limit.Token);
        }
        while (!condition());
    }

    private void SetFault(string fault, bool on)
    {
        _vault.Faults.Unreachable = on && fault == "unreachable";
        _vault.Faults.Unavailable = on && fault == "unavailable";
        _vault.Faults.ThrottleForSeconds = on && fault == "throttled" ? 2 : null;
    }
}
