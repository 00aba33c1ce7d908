using System.CommandLine;
using System.Text;
using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary>
/// <c>funcai audit payload</c>: who may run it is decided by the vault, which holds the payloads' secret. Nothing is shown before the
/// reading is on record.
/// </summary>
internal static class AuditPayloadCommand
{
    private const string Action = "ReadPayload";

    public static Command Create(CliContext context)
    {
        var request = new Argument<string>("request") { Description = "The request's id, as the audit trail has it" };
        var day = AuditAccess.Day("--day", "The day of the request (UTC), as 2026-01-31; without it all days are searched");
        var command = new Command("payload", "Decrypt what was captured of a request, as JSON Lines; the reading becomes an audit record itself") { request, day };
        command.SetAuditAction(context, async (parsed, output, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(request);
            var (payloads, hasMore) = await AuditAccess.Payloads(context).ReadAsync(id, parsed.GetValue(day), _ => true, cancellationToken);
            if (!await AuditAccess.Recorder(context).RecordAsync(Record(id, payloads), cancellationToken))
            {
                return output.Fail("The reading cannot be recorded, so nothing is shown.");
            }

            if (payloads.Count == 0)
            {
                return output.Fail("Nothing was captured of that request.");
            }

            // A terminal must not obey what a caller has sent: JSON escapes control characters.
            foreach (var payload in payloads)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(Line(payload));
            }

            if (hasMore)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("There are more than these 16 MiB under this id; --day shows those of one day.");
            }

            return 0;
        });
        return command;
    }

    private static AuditRecord Record(string id, IReadOnlyList<CapturedPayload> payloads) => new()
    {
        Action = Action,
        Outcome = payloads.Count == 0 ? nameof(RefusalCode.NotFound) : AuditOutcomes.Served,
        Subject = id,
        Model = payloads.Count == 0 ? null : payloads[0].Model,
        Principal = new Principal
        {
            Id = Operator(),
            CredentialKind = CredentialKind.Token,
            CredentialId = "command line",
            Roles = Roles.ReadPayloads,
            Models = ["*"],
        },
    };

    // What the machine says of itself. The vault's own log has the identity that was checked.
    private static PrincipalId Operator()
    {
        var name = new string([.. $"cli:{Environment.UserName}@{Environment.MachineName}".Select(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '@' or '.' or '-' ? c : '_')]);
        return PrincipalId.TryParse(name[..Math.Min(name.Length, PrincipalId.MaxLength)], out var id) ? id : throw new InvalidOperationException("The user has no name.");
    }

    private static string Line(CapturedPayload payload)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            payload.Write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
