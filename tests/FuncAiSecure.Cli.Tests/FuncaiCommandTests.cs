using System.CommandLine;
using FuncAiSecure.Core.Identity;
using Microsoft.Extensions.Configuration;

namespace FuncAiSecure.Cli.Tests;

public sealed class FuncaiCommandTests
{
    [Fact]
    public async Task Unknown_command_fails_and_says_so_on_standard_error()
    {
        var run = await CliRun.RunAsync("nonsense");

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("nonsense");
    }

    [Theory]
    [InlineData("access roles --output xml", "--output: \"xml\" is not one of Text, Json.")]
    [InlineData("access roles --output 1", "--output: \"1\" is not one of Text, Json.")]
    [InlineData("access explain app:x Fly", "action: \"Fly\" is not one of Infer, ReadModel, ")]
    [InlineData("audit tail -n 10001", "--lines: \"10001\" is not a whole number from 1 to 10000.")]
    [InlineData("audit query --limit 0", "--limit: \"0\" is not a whole number, 1 or more.")]
    [InlineData("models promote wine one", "version: \"one\" is not a whole number, 1 or more.")]
    [InlineData("models promote wine 1 --percent +5", "--percent: \"+5\" is not a whole number from 0 to 100.")]
    public async Task Value_that_is_refused_is_named_with_those_that_are_taken(string line, string expected)
    {
        var run = await CliRun.RunAsync(line.Split(' '));

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(expected);
    }

    [Fact]
    public void No_value_is_refused_by_the_name_of_a_type()
    {
        var root = FuncaiCommand.Create(new CliContext { Configuration = new ConfigurationBuilder().Build(), Time = TimeProvider.System });
        List<string> refused = [];

        foreach (var command in Descendants(root))
        {
            string[] path = [.. command.Parents.OfType<Command>().Where(parent => parent != root).Select(parent => parent.Name), command.Name];
            var values = command.Arguments.Select(_ => "canary").ToArray();
            var lines = command.Options.Concat(root.Options).Where(option => option.Arity.MaximumNumberOfValues > 0)
                .Select(option => (string[])[.. path, .. values, option.Name, "canary"]);
            refused.AddRange(lines.Append([.. path, .. values]).SelectMany(line => root.Parse(line).Errors).Select(error => error.Message));
        }

        refused.ShouldContain(message => message.Contains("--percent", StringComparison.Ordinal));
        refused.ShouldAllBe(message => !message.Contains("expected type", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_is_a_table_or_a_json_array()
    {
        var text = await CliRun.RunAsync("access", "roles");
        var json = await CliRun.RunAsync("access", "roles", "--output", "json");

        text.Output.Split('\n')[0].ShouldBe("ROLE");
        json.Json.AsArray().Select(item => item!["role"]!.GetValue<string>()).ShouldBe(RoleNames.All);
    }

    [Fact]
    public void Every_command_and_option_has_a_description()
    {
        var context = new CliContext { Configuration = new ConfigurationBuilder().Build(), Time = TimeProvider.System };

        foreach (var command in Descendants(FuncaiCommand.Create(context)))
        {
            command.Description.ShouldNotBeNullOrWhiteSpace(command.Name);
            command.Options.ShouldAllBe(option => !string.IsNullOrWhiteSpace(option.Description), command.Name);
            command.Arguments.ShouldAllBe(argument => !string.IsNullOrWhiteSpace(argument.Description), command.Name);
        }
    }

    private static IEnumerable<Command> Descendants(Command command) => command.Subcommands.SelectMany(Descendants).Prepend(command);
}
