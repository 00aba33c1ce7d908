using System.CommandLine;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary><c>funcai audit export</c>.</summary>
internal static class AuditExportCommand
{
    public static Command Create(CliContext context)
    {
        var filter = new AuditFilter();
        var command = new Command("export", "Write matching records as JSON Lines, one record a line");
        filter.AddTo(command);
        command.SetAuditAction(context, async (parsed, output, cancellationToken) =>
        {
            if (filter.Read(parsed) is not { } query)
            {
                return output.Fail(CliValues.NotAPrincipal);
            }

            await foreach (var entry in AuditAccess.Archive(context).ReadAsync(query, null, cancellationToken))
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(AuditAccess.Line(entry) + "\n");
            }

            return 0;
        });
        return command;
    }
}
