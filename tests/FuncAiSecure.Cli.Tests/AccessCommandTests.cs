using System.Globalization;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Cli.Tests;

public sealed class AccessCommandTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private LocalVaultFixture _vault = null!;

    public async Task InitializeAsync()
    {
        _vault = await LocalVaultFixture.StartAsync(_clock);
        var run = await RunAsync("keys", "create", "--principal", "app:billing", "--role", "infer", "--model", "embed-*", "--network", "10.0.0.0/8");
        run.ExitCode.ShouldBe(0, run.Error);
    }

    public async Task DisposeAsync() => await _vault.DisposeAsync();

    [Theory]
    [InlineData("app:billing Infer embed-small --from 10.1.1.1", 0, "allowed")]
    [InlineData("app:billing Infer embed-small --from 11.1.1.1", 1, "NetworkNotAllowed")]
    [InlineData("app:billing Infer spam --from 10.1.1.1", 1, "NotFound")]
    [InlineData("app:billing ManageKeys --from 10.1.1.1", 1, "RoleMissing")]
    public async Task Decision_is_explained_check_by_check(string line, int exitCode, string expected)
    {
        var run = await RunAsync(["access", "explain", .. line.Split(' ')]);

        run.ExitCode.ShouldBe(exitCode);
        run.Output.ShouldContain(expected);
        run.Output.ShouldContain("allowed models: embed-*");
    }

    [Fact]
    public async Task Action_that_takes_a_model_is_not_explained_by_the_allowed_ones_where_none_is_named()
    {
        var run = await RunAsync("access", "explain", "app:billing", "Infer", "--from", "10.1.1.1");

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("none is named");
        run.Output.ShouldNotContain("allowed models");
    }

    [Theory]
    [InlineData("--not-before", 1, 0)]
    [InlineData("--expires", 1, 2)]
    public async Task Key_that_is_not_valid_now_allows_nothing(string option, int days, int daysLater)
    {
        var time = _clock.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
        (await RunAsync("keys", "create", "--principal", "app:timed", "--role", "infer", "--model", "*", option, time)).ExitCode.ShouldBe(0);
        _clock.Advance(TimeSpan.FromDays(daysLater));

        var run = await RunAsync("access", "explain", "app:timed", "Infer", "embed-small");

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldNotContain("allowed");
        run.Error.ShouldContain("none that is valid now");
    }

    [Fact]
    public async Task Revoked_key_is_not_called_one_that_was_never_there()
    {
        var made = await RunAsync("keys", "create", "--principal", "app:gone", "--role", "infer", "-o", "json");
        (await RunAsync("keys", "revoke", (string)made.Json["id"]!)).ExitCode.ShouldBe(0);

        (await RunAsync("access", "explain", (string)made.Json["id"]!, "Infer")).Error.ShouldContain("none that is valid now");
        (await RunAsync("access", "explain", "app:never", "Infer")).Error.Trim().ShouldBe("There is no such key.");
    }

    [Fact]
    public async Task Help_names_the_actions_where_they_are_explained()
    {
        var help = await RunAsync("access", "explain", "--help");

        help.Output.ShouldContain("explain <principal> <action> [<model>]");
        help.Output.ShouldContain("What it wants to do: Infer, ReadModel, ");
        (await RunAsync("access", "--help")).Output.ShouldNotContain("ReadModel");
    }

    [Theory]
    [InlineData("app:nobody Infer embed")]
    [InlineData("app:billing Fly")]
    [InlineData("app:billing Infer embed --from nowhere")]
    [InlineData("app:billing Infer embed --from 10.1.1")]
    [InlineData("app:billing Infer embed --from 012.1.1.1")]
    public async Task Wrong_question_fails_with_a_reason(string line)
    {
        var run = await RunAsync(["access", "explain", .. line.Split(' ')]);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldNotBeNullOrWhiteSpace();
    }

    private Task<CliRun> RunAsync(params string[] args) => CliRun.RunAsync(_vault.Settings, _clock, args);
}
