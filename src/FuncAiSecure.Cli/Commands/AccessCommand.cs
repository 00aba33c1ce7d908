using System.CommandLine;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Cli.Commands;

/// <summary><c>funcai access</c>: what roles there are, and why somebody may or may not do something.</summary>
internal static class AccessCommand
{
    public static Command Create(CliContext context) => new("access", "Explain who may do what")
    {
        Roles(context),
    };

    private static Command Roles(CliContext context)
    {
        var command = new Command("roles", "List the roles that a principal can have");
        command.SetAction(parsed =>
        {
            context.Open(parsed).Write([.. RoleNames.All.Select(name => new JsonObject { ["role"] = name })]);
            return 0;
        });
        return command;
    }
}
