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

    [Fact]
    public async Task Unknown_output_format_fails() =>
        (await CliRun.RunAsync("access", "roles", "--output", "xml")).ExitCode.ShouldBe(1);

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
