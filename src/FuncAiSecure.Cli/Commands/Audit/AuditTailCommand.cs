using System.CommandLine;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary><c>funcai audit tail</c>.</summary>
internal static class AuditTailCommand
{
    private const int MaxLines = 10_000;

    public static Command Create(CliContext context)
    {
        var lines = new Option<int>("--lines", "-n")
        {
            Description = $"How many records, 1 to {MaxLines}",
            DefaultValueFactory = _ => 20,
            CustomParser = result => CliValues.Whole(result, 1, MaxLines),
        };
        var command = new Command("tail", "Show the newest records, the newest last") { lines };
        command.SetAuditAction(context, async (parsed, output, cancellationToken) =>
        {
            AuditAccess.Write(context, parsed, output, await AuditAccess.Archive(context).TailAsync(parsed.GetValue(lines), cancellationToken));
            return 0;
        });
        return command;
    }
}
