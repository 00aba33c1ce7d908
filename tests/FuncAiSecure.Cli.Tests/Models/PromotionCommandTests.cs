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

    [Fact]
    public async Task Version_that_the_models_directory_does_not_have_is_promoted_with_a_word_about_it()
    {
        var known = await RunAsync("promote", "wine", "1", "--by", "operator:anna");
        var version = await RunAsync("promote", "wine", "9", "--by", "operator:anna");
        var name = await RunAsync("promote", "wien", "1", "--by", "operator:anna");
        await RunAsync("promote", "wine", "1", "--by", "operator:anna");
        var back = await RunAsync("rollback", "wine", "--by", "operator:anna");

        known.Error.ShouldBeEmpty();
        version.Error.ShouldContain("has no wine/9");
        name.Error.ShouldContain("has no wien/1");
        back.Error.ShouldContain("has no wine/9");
        new[] { known, version, name, back }.ShouldAllBe(run => run.ExitCode == 0);
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

    [Theory]
    [InlineData("no earlier promotion to return to; promote the version that shall serve", "rollback", "nothing")]
    [InlineData("needs a promoted version for the rest; promote the one that serves first", "promote", "nothing", "2", "--percent", "10")]
    public async Task What_needs_an_earlier_promotion_says_what_to_do_without_one(string expected, params string[] arguments)
    {
        var run = await RunAsync([.. arguments, "--by", "operator:anna"]);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(expected);
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.RunAsync(
        new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = _azurite!.ConnectionString,
            ["FuncAiSecure:Models:Directory"] = Path.Combine(Repository.Root, "models"),
        },
        TimeProvider.System, ["models", .. arguments]);
}
