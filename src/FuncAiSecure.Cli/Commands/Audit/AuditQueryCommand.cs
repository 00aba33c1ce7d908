using System.CommandLine;
using FuncAiSecure.Core.Audit.Reading;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary><c>funcai audit query</c>.</summary>
internal static class AuditQueryCommand
{
    public static Command Create(CliContext context)
    {
        var filter = new AuditFilter();
        var limit = new Option<int>("--limit") { Description = "How many records at most", DefaultValueFactory = _ => 1000 };
        var command = new Command("query", "Show matching records, chain by chain from the oldest") { limit };
        filter.AddTo(command);
        command.SetAuditAction(context, async (parsed, output, cancellationToken) =>
        {
            if (filter.Read(parsed) is not { } query)
            {
                return output.Fail(AuditFilter.NotAPrincipal);
            }

            var entries = new List<AuditEntry>();
            var most = Math.Max(1, parsed.GetValue(limit));
            await foreach (var entry in AuditAccess.Archive(context).ReadAsync(query, null, cancellationToken))
            {
                entries.Add(entry);
                if (entries.Count == most)
                {
                    break;
                }
            }

            AuditAccess.Write(context, parsed, output, entries);
            return 0;
        });
        return command;
    }
}
