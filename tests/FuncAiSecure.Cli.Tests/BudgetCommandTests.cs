using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Cli.Tests;

/// <summary>The operator's budget commands over the table protocol.</summary>
public sealed class BudgetCommandTests : IAsyncLifetime
{
    private AzuriteFixture _azurite = null!;

    public async Task InitializeAsync() => _azurite = await AzuriteFixture.StartAsync();

    public async Task DisposeAsync() => await _azurite.DisposeAsync();

    [Fact]
    public async Task Show_and_reset_work_on_callers_that_have_spent_nothing_yet()
    {
        (await RunAsync("budget", "show", "app:one", "wine", "--output", "json")).Json["spent"]!.GetValue<double>().ShouldBe(0);
        (await RunAsync("budget", "reset", "app:one", "wine")).ExitCode.ShouldBe(0);
        (await RunAsync("budget", "show", "app:one", "wine")).Output.ShouldContain("app:one");
    }

    [Theory]
    [InlineData("budget show a;b wine")]
    [InlineData("budget reset a;b wine")]
    [InlineData("budget show app:one")]
    public async Task What_cannot_be_meant_fails(string command) => (await RunAsync(command.Split(' '))).ExitCode.ShouldBe(1);

    [Theory]
    [InlineData("show")]
    [InlineData("reset")]
    public async Task A_table_that_refuses_is_a_message_and_not_a_stack(string command)
    {
        var wrong = Settings();
        wrong["AzureWebJobsStorage"] = _azurite.ConnectionString.Replace(AzuriteFixture.AccountKey, Convert.ToBase64String(new byte[64]), StringComparison.Ordinal);

        var run = await CliRun.RunAsync(wrong, TimeProvider.System, ["budget", command, "app:one", "wine"]);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldBe("The table of budgets cannot be asked." + Environment.NewLine);
    }

    private Task<CliRun> RunAsync(params string[] args) => CliRun.RunAsync(Settings(), TimeProvider.System, args);

    private Dictionary<string, string?> Settings() => new()
    {
        ["AzureWebJobsStorage"] = _azurite.ConnectionString,
        [$"{ExtractionOptions.SectionName}:TableName"] = "otherbudgets",
    };
}
