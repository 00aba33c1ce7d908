using System.CommandLine;
using FuncAiSecure.Core.Audit.Reading;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary><c>funcai audit query</c>.</summary>
internal static class AuditQueryCommand
{
    public static Command Create(CliContext context)
    {
        var filter = new AuditFilter();
        var limit = new Option<int>("--limit")
        {
            Description = "How many records at most, 1 or more",
            DefaultValueFactory = _ => 1000,
            CustomParser = result => CliValues.Whole(result, 1),
        };
        var command = new Command("query", "Show matching records, chain by chain from the oldest") { limit };
        filter.AddTo(command);
        command.SetAuditAction(context, async (parsed, output, cancellationToken) =>
        {
            if (filter.Read(parsed) is not { } query)
            {
                return output.Fail(CliValues.NotAPrincipal);
            }

            var most = parsed.GetValue(limit);
            var entries = new List<AuditEntry>();
            await foreach (var entry in AuditAccess.Archive(context).ReadAsync(query, null, cancellationToken))
            {
                if (entries.Count == most)
                {
                    // Half an answer must not pass for a whole one.
                    await parsed.InvocationConfiguration.Error.WriteLineAsync(
                        $"There are more records than these {most}; --limit shows more, and 'funcai audit export' all.");
                    break;
                }

                entries.Add(entry);
            }

            AuditAccess.Write(context, parsed, output, entries);
            return 0;
        });
        return command;
    }
}
