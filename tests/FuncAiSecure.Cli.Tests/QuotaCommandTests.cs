using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Cli.Tests;

/// <summary>The operator's quota commands over the table protocol.</summary>
public sealed class QuotaCommandTests : IAsyncLifetime
{
    private AzuriteFixture _azurite = null!;

    public async Task InitializeAsync() => _azurite = await AzuriteFixture.StartAsync();

    public async Task DisposeAsync() => await _azurite.DisposeAsync();

    [Fact]
    public async Task Set_changes_what_show_shows_until_it_is_taken_back()
    {
        (await RunAsync("quota", "set", "app:one", "--plan", "operator")).ExitCode.ShouldBe(0);
        (await RunAsync("quota", "show", "app:one", "--output", "json")).Json[0]!["plan"]!.GetValue<string>().ShouldBe("operator (changed)");

        (await RunAsync("quota", "set", "app:one")).ExitCode.ShouldBe(0);

        (await RunAsync("quota", "show", "app:one", "--output", "json")).Json[0]!["plan"]!.GetValue<string>().ShouldBe("standard");
    }

    [Fact]
    public async Task Show_names_every_policy_with_its_limit()
    {
        var run = await RunAsync("quota", "show", "app:two");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain("minute");
        run.Output.ShouldContain("20000");
    }

    [Fact]
    public async Task Reset_takes_one_policy_or_all()
    {
        (await RunAsync("quota", "reset", "app:one", "--policy", "day")).ExitCode.ShouldBe(0);
        (await RunAsync("quota", "reset", "app:one")).ExitCode.ShouldBe(0);
    }

    /// <summary>What cannot be done, and the word that says why.</summary>
    public static TheoryData<string, string[], string> Refused() => new()
    {
        { "no such plan", ["quota", "set", "app:one", "--plan", "gold"], "plan" },
        { "no such policy", ["quota", "reset", "app:one", "--policy", "century"], "policy" },
        { "not a principal", ["quota", "show", "a b"], "principal" },
        { "credential's plan not configured", ["quota", "show", "app:one", "--credential-plan", "gold"], "plan" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_done_says_why(string name, string[] args, string word)
    {
        var run = await RunAsync(args);

        run.ExitCode.ShouldBe(1, name);
        run.Error.ShouldContain(word, Case.Insensitive);
        run.Output.ShouldBeEmpty();
    }

    private Task<CliRun> RunAsync(params string[] args) =>
        CliRun.RunAsync([new("AzureWebJobsStorage", _azurite.ConnectionString)], TimeProvider.System, args);
}
