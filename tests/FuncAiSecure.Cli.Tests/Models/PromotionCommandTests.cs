using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Cli.Tests.Models;

public sealed class PromotionCommandTests : IAsyncLifetime
{
    private AzuriteFixture? _azurite;

    public async Task InitializeAsync() => _azurite = await AzuriteFixture.StartAsync();

    public async Task DisposeAsync() => await _azurite!.DisposeAsync();

    [Fact]
    public async Task Promote_canary_rollback_and_history_are_one_story()
    {
        (await RunAsync("promote", "wine", "1", "--by", "operator:anna")).ExitCode.ShouldBe(0);
        (await RunAsync("promote", "wine", "2", "--percent", "25", "--by", "operator:anna")).ExitCode.ShouldBe(0);
        (await RunAsync("promote", "wine", "2", "--by", "operator:ben")).ExitCode.ShouldBe(0);
        var back = await RunAsync("rollback", "wine", "--by", "operator:anna", "-o", "json");

        ((int?)back.Json["version"]).ShouldBe(1);
        ((int?)back.Json["canary"]).ShouldBe(2);
        var history = await RunAsync("list", "--history", "wine", "-o", "json");
        history.Json.AsArray().Select(entry => ((int)entry!["version"]!, (int)entry["percent"]!, (string)entry["by"]!)).ShouldBe(
            [(1, 25, "operator:anna"), (2, 0, "operator:ben"), (1, 25, "operator:anna"), (1, 0, "operator:anna")]);
        var list = await RunAsync("list", "--directory", Path.Combine(Repository.Root, "models"), "-o", "json");
        var row = list.Json.AsArray().Single(model => (string?)model!["model"] == "wine")!;
        ((string?)row["promoted"]).ShouldBe("75 %");
    }

    [Theory]
    [InlineData("promote", "Wine", "1")]
    [InlineData("promote", "wine/1", "1")]
    [InlineData("rollback", "wine/1")]
    public async Task Name_that_no_model_can_have_is_refused_for_that(params string[] arguments)
    {
        var run = await RunAsync([.. arguments, "--by", "operator:anna"]);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("name");
    }

    [Fact]
    public async Task Rollback_without_a_promotion_fails_and_says_why()
    {
        var run = await RunAsync("rollback", "nothing", "--by", "operator:anna");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("no earlier promotion");
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.RunAsync(
        new Dictionary<string, string?> { ["AzureWebJobsStorage"] = _azurite!.ConnectionString }, TimeProvider.System, ["models", .. arguments]);
}
