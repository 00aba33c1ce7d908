using Azure;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

public sealed class ApiKeyServiceTests : IAsyncLifetime
{
    private static readonly KeyActor Keeper = new("app:keeper", Roles.ManageKeys | Roles.Infer);

    private readonly ManualTimeProvider _clock = new();
    private LocalVaultFixture _vault = null!;
    private IdentityHarness _here = null!;

    public async Task InitializeAsync()
    {
        _vault = await LocalVaultFixture.StartAsync(_clock);
        _here = new IdentityHarness(_vault, _clock);
    }

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        await _vault.DisposeAsync();
    }

    [Theory]
    [InlineData("infer", true)]
    [InlineData("manage.keys", true)]
    [InlineData("manage.models", false)]
    [InlineData("read.audit", false)]
    [InlineData("debug.timing", false)]
    public async Task Operator_grants_only_roles_that_it_has(string role, bool allowed)
    {
        var request = IdentityHarness.Request() with { Roles = ["infer", role] };

        var outcome = await _here.Keys.CreateAsync(request, Keeper, CancellationToken.None);

        outcome.Refusal?.Code.ShouldBe(RefusalCode.RoleMissing);
        outcome.Succeeded.ShouldBe(allowed);
    }

    [Fact]
    public async Task Operator_cannot_take_over_a_stronger_key_by_rotating_it()
    {
        var stronger = await _here.CreateAsync(IdentityHarness.Request() with { Roles = ["read.audit"] });

        var outcome = await _here.Keys.RotateAsync(stronger.Id, TimeSpan.Zero, Keeper, CancellationToken.None);

        outcome.Refusal!.Code.ShouldBe(RefusalCode.RoleMissing);
        (await _here.AskAsync(stronger.Key)).ShouldBe("app:billing");
    }

    [Fact]
    public async Task An_id_in_other_letters_is_no_keys_though_the_vault_finds_it()
    {
        var created = await _here.CreateAsync();
        var id = created.Id;
        ApiKeyId.TryParse(string.Concat(id.ToString().Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))), out var other).ShouldBeTrue();

        (await _here.Keys.ShowAsync(other, CancellationToken.None)).Refusal!.Code.ShouldBe(RefusalCode.NotFound);
        (await _here.Keys.RotateAsync(other, TimeSpan.Zero, KeyActor.VaultOperator, CancellationToken.None)).Refusal!.Code.ShouldBe(RefusalCode.NotFound);
        (await _here.Keys.RevokeAsync(other, CancellationToken.None)).Refusal!.Code.ShouldBe(RefusalCode.NotFound);
        (await _here.Keys.ShowAsync(id, CancellationToken.None)).Value!.Enabled.ShouldBeTrue();
        (await _here.AskAsync(created.Key)).ShouldBe("app:billing");

        (await _here.Keys.RevokeAsync(id, CancellationToken.None)).Value!.Enabled.ShouldBeFalse();
        (await _here.Keys.ShowAsync(other, CancellationToken.None)).Refusal!.Code.ShouldBe(RefusalCode.NotFound);
    }

    [Fact]
    public async Task Every_fault_of_a_request_is_named_at_once_and_nothing_is_made()
    {
        var request = new ApiKeyRequest { Principal = "a b", Roles = ["root"], Models = ["a*b"], Networks = ["10.0.0.0/40"], Plan = "" };

        var outcome = await _here.Keys.CreateAsync(request, KeyActor.VaultOperator, CancellationToken.None);

        outcome.Refusal!.Errors.Select(error => error.Pointer)
            .ShouldBe(["/principal", "/roles/0", "/models/0", "/networks/0", "/plan"]);
        _vault.Faults.TotalCalls.ShouldBe(0);
    }

    [Fact]
    public async Task Faults_are_pointed_at_and_named_by_the_members_of_the_bodies()
    {
        var request = IdentityHarness.Request() with { NotBefore = _clock.GetUtcNow().AddDays(2), Expires = _clock.GetUtcNow().AddDays(1) };

        var made = await _here.Keys.CreateAsync(request, KeyActor.VaultOperator, CancellationToken.None);
        var rotated = await _here.Keys.RotateAsync((await _here.CreateAsync()).Id, TimeSpan.FromDays(31), KeyActor.VaultOperator, CancellationToken.None);

        made.Refusal!.Errors.ShouldHaveSingleItem().Message.ShouldContain("not_before");
        rotated.Refusal!.Errors.ShouldHaveSingleItem().Pointer.ShouldBe("/overlap_seconds");
    }

    [Fact]
    public async Task Neither_key_nor_secret_is_ever_written_to_the_vaults_files()
    {
        var created = await _here.CreateAsync();
        var rotated = (await _here.Keys.RotateAsync(created.Id, TimeSpan.FromHours(1), KeyActor.VaultOperator, CancellationToken.None)).Value!;
        await _here.AskAsync(rotated.Key);

        // The lock is empty, and is the server's alone.
        foreach (var file in Directory.GetFiles(_vault.Folder).Where(file => Path.GetFileName(file) != "lock"))
        {
            var content = await File.ReadAllTextAsync(file);
            foreach (var key in new[] { created.Key, rotated.Key })
            {
                content.ShouldNotContain(key.Substring(22, 43));
            }
        }
    }

    [Theory]
    [InlineData(403)]
    [InlineData(401)]
    public async Task Vault_that_refuses_its_operator_is_not_said_to_be_away(int status)
    {
        var outcome = await new ApiKeyService(new RefusingClient(status), _clock).ListAsync(CancellationToken.None);

        var refusal = outcome.Refusal.ShouldNotBeNull();
        refusal.Code.ShouldBe(RefusalCode.DependencyUnavailable);
        refusal.Detail.ShouldNotBeNull().ShouldContain("permission");
        refusal.Detail.ShouldNotContain(RefusingClient.Message);
    }

    [Fact]
    public async Task A_key_that_was_never_made_is_not_found_and_one_that_the_vault_does_not_show_may_be_there()
    {
        var id = (await _here.CreateAsync()).Id;
        (await _here.Keys.ShowAsync(ApiKeyFormat.NewId(), CancellationToken.None)).Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.NotFound);

        _vault.Faults.Unreachable = true;

        (await _here.Keys.ShowAsync(id, CancellationToken.None)).Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.DependencyUnavailable);
    }

    [Fact]
    public async Task What_grants_access_is_found_by_principal_and_by_id_and_not_for_others()
    {
        var billing = await _here.CreateAsync();
        (await _here.Keys.CreateAsync(IdentityHarness.Request("app:other"), KeyActor.VaultOperator, CancellationToken.None)).Succeeded.ShouldBeTrue();

        (await FoundAsync("app:billing")).ShouldBe(["app:billing"]);
        (await FoundAsync(billing.Id.ToString())).ShouldBe(["app:billing"]);
        (await _here.Keys.FindAsync("app:nobody", CancellationToken.None)).Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.NotFound);

        (await _here.Keys.RevokeAsync(billing.Id, CancellationToken.None)).Succeeded.ShouldBeTrue();
        (await _here.Keys.FindAsync("app:billing", CancellationToken.None)).Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.NotFound);

        async Task<string[]> FoundAsync(string whom) =>
            [.. (await _here.Keys.FindAsync(whom, CancellationToken.None)).Value!.Select(principal => principal.Id.Value)];
    }

    [Fact]
    public async Task Vault_that_hangs_is_said_to_be_away_unless_the_asker_has_left()
    {
        _vault.Faults.Gate = new TaskCompletionSource().Task;
        await using var hasty = new IdentityHarness(_vault, _clock, new() { ["FuncAiSecure:Vault:Timeout"] = "00:00:01" });
        using var left = new CancellationTokenSource();

        (await hasty.Keys.ListAsync(CancellationToken.None)).Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.DependencyUnavailable);
        await left.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => hasty.Keys.ListAsync(left.Token));
    }

    [Fact]
    public async Task Pepper_that_is_none_is_named_to_whoever_makes_a_key()
    {
        await _vault.CreateClient().SetSecretAsync("apikey-pepper", "not a pepper");

        var refusal = (await _here.Keys.CreateAsync(IdentityHarness.Request(), KeyActor.VaultOperator, CancellationToken.None)).Refusal.ShouldNotBeNull();

        refusal.Code.ShouldBe(RefusalCode.DependencyUnavailable);
        refusal.Detail!.ShouldContain("apikey-pepper");
    }

    [Fact]
    public async Task Pepper_that_is_none_does_not_take_the_keys_of_others_with_it()
    {
        var created = await _here.CreateAsync();
        await _vault.CreateClient().SetSecretAsync("apikey-pepper", "not a pepper");
        await using var started = new IdentityHarness(_vault, _clock);

        (await started.AskAsync(created.Key)).ShouldBe("app:billing");
    }

    private sealed class RefusingClient(int status) : SecretClient
    {
        public const string Message = "the service's own words";

        public override AsyncPageable<SecretProperties> GetPropertiesOfSecretsAsync(CancellationToken cancellationToken = default) =>
            throw new RequestFailedException(status, Message);
    }
}
