using System.CommandLine;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;

namespace FuncAiSecure.Cli.Tests;

public sealed class KeysCommandTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private LocalVaultFixture _vault = null!;

    public async Task InitializeAsync() => _vault = await LocalVaultFixture.StartAsync(_clock);

    public async Task DisposeAsync() => await _vault.DisposeAsync();

    [Fact]
    public async Task Created_key_is_written_once_and_checks_as_valid()
    {
        var created = await RunAsync("keys", "create", "--principal", "app:billing", "--role", "infer", "--model", "*", "--output", "json");

        created.ExitCode.ShouldBe(0, created.Error);
        var key = created.Json["key"]!.GetValue<string>();
        var id = created.Json["id"]!.GetValue<string>();
        key.ShouldStartWith("fais_" + id + "_");
        (await CheckAsync(key)).ShouldBe("valid");
        foreach (var command in new[] { "list", "show" })
        {
            foreach (var format in new[] { "json", "text" })
            {
                var run = command == "list"
                    ? await RunAsync("keys", "list", "--output", format)
                    : await RunAsync("keys", "show", id, "--output", format);
                run.ExitCode.ShouldBe(0, run.Error);
                run.Output.ShouldContain(id);
                run.Output.ShouldContain("app:billing");
                run.Output.ShouldNotContain(key[22..]);
                run.Output.ShouldNotContain("erifier");
            }
        }
    }

    [Fact]
    public async Task Key_only_writes_the_key_and_nothing_else()
    {
        var run = await RunAsync("keys", "create", "--principal", "a", "--role", "infer", "--key-only");

        run.Output.Trim().Length.ShouldBe(81);
        (await CheckAsync(run.Output)).ShouldBe("valid");
    }

    [Theory]
    [InlineData("text", false)]
    [InlineData("json", false)]
    [InlineData("text --key-only", false)]
    [InlineData("text", true)]
    [InlineData("text --key-only", true)]
    public async Task Key_that_could_not_be_written_is_named_so_that_it_can_be_revoked(string form, bool isClosed)
    {
        var context = new CliContext { Configuration = new ConfigurationBuilder().AddInMemoryCollection(_vault.Settings).Build(), Time = _clock };
        using var error = new StringWriter();
        await using var full = new NoOutput(isClosed ? new UnauthorizedAccessException("Access to the path is denied.") : new IOException("No space left on device"));

        var code = await FuncaiCommand.Create(context).Parse($"keys create --principal a --role infer --output {form}")
            .InvokeAsync(new InvocationConfiguration { Output = full, Error = error });

        code.ShouldBe(1);
        var id = (await RunAsync("keys", "list", "--output", "json")).Json[0]!["id"]!.GetValue<string>();
        error.ToString().ShouldStartWith($"The new key of {id} could not be written (");
    }

    [Theory]
    [InlineData("keys create --role infer")]
    [InlineData("keys create --principal a")]
    [InlineData("keys create --principal a --role nonsense")]
    [InlineData("keys create --principal a b --role infer")]
    [InlineData("keys create --principal a --role infer --model a*b")]
    [InlineData("keys create --principal a --role infer --network 10.0.0.1/33")]
    [InlineData("keys create --principal a --role infer --expires 2029-01-01T00:00Z")]
    [InlineData("keys show")]
    [InlineData("keys show nonsense")]
    [InlineData("keys show 0000000000000000")]
    [InlineData("keys rotate 0000000000000000")]
    [InlineData("keys revoke 0000000000000000")]
    [InlineData("keys revoke nonsense")]
    public async Task Wrong_arguments_fail_with_a_reason_and_change_nothing(string line)
    {
        var run = await RunAsync(line.Split(' '));

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldNotBeNullOrWhiteSpace();
        (await RunAsync("keys", "list", "--output", "json")).Json.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--expires", "2100-12-31T12:00")]
    [InlineData("--expires", "2100-12-31")]
    [InlineData("--expires", "12/31/2100 12:00")]
    [InlineData("--not-before", "2100-12-31T12:00:00")]
    public async Task Time_without_its_offset_is_refused_by_the_option_and_not_read_in_the_zone_of_the_machine(string option, string time)
    {
        var run = await RunAsync("keys", "create", "--principal", "a", "--role", "infer", option, time);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain($"{option}: \"{time}\" is not a time with its offset, such as 2026-12-31T12:00Z");
        (await RunAsync("keys", "list", "--output", "json")).Json.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2100-12-31T12:00Z")]
    [InlineData("2100-12-31T13:00:00+01:00")]
    [InlineData("2100-12-31T10:30:00.000-01:30")]
    public async Task Time_with_its_offset_is_that_moment(string time)
    {
        (await RunAsync("keys", "create", "--principal", "a", "--role", "infer", "--expires", time)).ExitCode.ShouldBe(0);

        (await RunAsync("keys", "list", "--output", "json")).Json[0]!["expires"]!.GetValue<string>().ShouldBe("2100-12-31 12:00:00Z");
    }

    [Fact]
    public async Task Plan_that_the_settings_do_not_have_is_refused_and_those_that_they_have_are_named()
    {
        var run = await RunAsync("keys", "create", "--principal", "a", "--role", "infer", "--plan", "gold");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("--plan: no plan of this name is configured.");
        run.Error.ShouldContain("have operator, standard;");
        (await RunAsync("keys", "list", "--output", "json")).Json.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Plan_of_the_settings_is_the_keys()
    {
        var settings = _vault.Settings;
        settings["FuncAiSecure:Quotas:DefaultPlan"] = "gold";
        settings["FuncAiSecure:Quotas:Plans:gold:Policies:minute:Window"] = "Minute";
        settings["FuncAiSecure:Quotas:Plans:gold:Policies:minute:Amount"] = "5";

        (await CliRun.RunAsync(settings, _clock, ["keys", "create", "--principal", "a", "--role", "infer", "--plan", "gold"])).ExitCode.ShouldBe(0);

        (await RunAsync("keys", "list", "--output", "json")).Json[0]!["plan"]!.GetValue<string>().ShouldBe("gold");
    }

    [Fact]
    public async Task Rotated_key_works_beside_the_old_one_until_the_overlap_ends()
    {
        var first = await CreateAsync();
        var run = await RunAsync("keys", "rotate", first.Id, "--overlap", "01:00:00", "--output", "json");
        var second = run.Json["key"]!.GetValue<string>();

        (await CheckAsync(first.Key)).ShouldBe("valid");
        (await CheckAsync(second)).ShouldBe("valid");
        _clock.Advance(TimeSpan.FromHours(1));
        (await CheckAsync(first.Key)).ShouldBe("not-valid-now");
        (await CheckAsync(second)).ShouldBe("valid");
    }

    [Theory]
    [InlineData("-00:00:01")]
    [InlineData("31.00:00:00")]
    [InlineData("24")]
    [InlineData("24:00:00")]
    [InlineData("1d")]
    [InlineData("soon")]
    public async Task Overlap_out_of_range_or_without_a_unit_is_refused(string overlap)
    {
        var key = await CreateAsync();

        (await RunAsync("keys", "rotate", key.Id, "--overlap=" + overlap)).ExitCode.ShouldBe(1);

        (await CheckAsync(key.Key)).ShouldBe("valid");
    }

    [Fact]
    public async Task Revoked_key_checks_as_invalid_is_listed_so_and_cannot_be_rotated()
    {
        var key = await CreateAsync();

        (await RunAsync("keys", "revoke", key.Id)).ExitCode.ShouldBe(0);

        (await CheckAsync(key.Key)).ShouldBe("not-valid-now");
        (await RunAsync("keys", "list", "--output", "json")).Json[0]!["state"]!.GetValue<string>().ShouldBe("revoked");
        (await RunAsync("keys", "show", key.Id, "--output", "json")).Json["state"]!.GetValue<string>().ShouldBe("revoked");
        (await RunAsync("keys", "rotate", key.Id)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Revoked_key_says_since_when_and_nothing_that_the_vault_gives_no_more()
    {
        var key = await CreateAsync();
        var active = await RunAsync("keys", "show", key.Id, "--output", "json");
        _clock.Advance(TimeSpan.FromHours(2));
        var when = _clock.GetUtcNow().ToString("u");
        (await RunAsync("keys", "revoke", key.Id)).ExitCode.ShouldBe(0);

        var listed = (await RunAsync("keys", "list", "--output", "json")).Json[0]!;
        var shown = (await RunAsync("keys", "show", key.Id, "--output", "json")).Json.AsObject();

        active.Json["revoked"].ShouldBeNull();
        active.Json.AsObject().ContainsKey("networks").ShouldBeTrue();
        ((string?)listed["revoked"]).ShouldBe(when);
        ((string?)shown["revoked"]).ShouldBe(when);
        shown.ContainsKey("models").ShouldBeFalse("an empty list would say: no model");
        shown.ContainsKey("networks").ShouldBeFalse("an empty list would say: from anywhere");
    }

    [Theory]
    [InlineData("0:00:00", 0)]
    [InlineData("0", 0)]
    [InlineData("1.00:00:00", 1)]
    public async Task Retiring_old_peppers_says_when_their_keys_stop_and_from_when_on_a_key_is_a_new_one(string after, int days)
    {
        await CreateAsync();
        var signs = _clock.GetUtcNow() + TimeSpan.FromMinutes(10);

        var run = await RunAsync("keys", "rotate-pepper", "--retire-after", after, "--output", "json");

        run.ExitCode.ShouldBe(0, run.Error);
        ((string?)run.Json["oldKeysUntil"]).ShouldBe(signs.AddDays(days).ToString("u"));
        run.Error.ShouldStartWith($"Every key made before {signs:u} stops at {signs.AddDays(days):u}.");
    }

    [Fact]
    public async Task Pepper_that_retires_none_has_no_warning()
    {
        await CreateAsync();

        var run = await RunAsync("keys", "rotate-pepper", "--output", "json");

        run.Error.ShouldBeEmpty();
        run.Json.AsObject().Select(member => member.Key).ShouldBe(["signsFrom"]);
    }

    [Fact]
    public async Task Check_tells_malformed_from_foreign_keys()
    {
        await CreateAsync();
        await using var other = await LocalVaultFixture.StartAsync(_clock);
        var foreign = (await CliRun.RunAsync(other.Settings, _clock, ["keys", "create", "--principal", "a", "--role", "infer", "--key-only"])).Output.Trim();

        (await CheckAsync("fais_nonsense")).ShouldBe("malformed");
        (await CheckAsync(foreign)).ShouldBe("not-issued-here");
    }

    [Fact]
    public async Task Rotated_pepper_keeps_old_keys_valid_until_retired()
    {
        var key = await CreateAsync();

        (await RunAsync("keys", "rotate-pepper", "--retire-after", "1.00:00:00")).ExitCode.ShouldBe(0);

        (await CheckAsync(key.Key)).ShouldBe("valid");
        _clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromDays(1));
        (await CheckAsync(key.Key)).ShouldBe("not-issued-here");
    }

    [Fact]
    public async Task Vault_that_does_not_answer_is_an_error_and_not_a_stack_trace()
    {
        _vault.Faults.Unreachable = true;

        var run = await RunAsync("keys", "list");

        run.ExitCode.ShouldBe(1);
        run.Error.Trim().ShouldBe("The vault did not answer.");
    }

    [Fact]
    public async Task Token_file_that_is_missing_is_named()
    {
        var settings = _vault.Settings;
        settings["FuncAiSecure:Vault:LocalTokenFile"] += ".old";

        var run = await CliRun.RunAsync(settings, _clock, ["keys", "list"]);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain($"there is no file {_vault.Server.TokenFile}.old");
    }

    private async Task<(string Id, string Key)> CreateAsync()
    {
        var run = await RunAsync("keys", "create", "--principal", "a", "--role", "infer", "--output", "json");
        return (run.Json["id"]!.GetValue<string>(), run.Json["key"]!.GetValue<string>());
    }

    private async Task<string> CheckAsync(string key)
    {
        var run = await CliRun.RunAsync(_vault.Settings, _clock, ["keys", "check", "--output", "json"], key);
        run.ExitCode.ShouldBe(run.Json["result"]!.GetValue<string>() == "valid" ? 0 : 1);
        return run.Json["result"]!.GetValue<string>();
    }

    private Task<CliRun> RunAsync(params string[] args) => CliRun.RunAsync(_vault.Settings, _clock, args);

    // A full disk, or, as the runtime words it, a descriptor that was closed before the program began.
    private sealed class NoOutput(Exception failure) : StringWriter
    {
        public override void WriteLine(string? value) => throw failure;
    }
}
