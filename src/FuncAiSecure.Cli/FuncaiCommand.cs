using System.CommandLine;
using FuncAiSecure.Cli.Commands;

namespace FuncAiSecure.Cli;

/// <summary>The <c>funcai</c> command: one file under <c>Commands/</c> for each group, all listed here.</summary>
public static class FuncaiCommand
{
    /// <summary>Builds the whole command tree.</summary>
    public static RootCommand Create(CliContext context)
    {
        var root = new RootCommand("The operator's tool of FuncAiSecure. Settings come from the application's environment variables.")
        {
            AccessCommand.Create(context),
            AuditCommand.Create(context),
            BudgetCommand.Create(context),
            GuardCommand.Create(context),
            KeysCommand.Create(context),
            ModelsCommand.Create(context),
            QuotaCommand.Create(context),
        };
        root.Options.Add(context.Output);
        return root;
    }
}
