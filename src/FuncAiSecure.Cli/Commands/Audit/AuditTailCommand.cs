using System.CommandLine;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary><c>funcai audit tail</c>.</summary>
internal static class AuditTailCommand
{
    private const int MaxLines = 10_000;

    public static Command Create(CliContext context)
    {
        var lines = new Option<int>("--lines", "-n") { Description = "How many records, 1 to 10000", DefaultValueFactory = _ => 20 };
        var command = new Command("tail", "Show the newest records, the newest last") { lines };
        command.SetAuditAction(context, async (parsed, output, cancellationToken) =>
        {
            var count = parsed.GetValue(lines);
            if (count is < 1 or > MaxLines)
            {
                return output.Fail("--lines must be 1 to 10000.");
            }

            AuditAccess.Write(context, parsed, output, await AuditAccess.Archive(context).TailAsync(count, cancellationToken));
            return 0;
        });
        return command;
    }
}
