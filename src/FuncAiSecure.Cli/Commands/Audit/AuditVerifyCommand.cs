using System.CommandLine;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Audit.Reading;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary><c>funcai audit verify</c>: exit code 0 if nothing is wrong, 3 if something is.</summary>
internal static class AuditVerifyCommand
{
    private const int Broken = 3;

    public static Command Create(CliContext context)
    {
        var from = AuditAccess.Day("--from", "Chains from this day on (UTC), as 2026-01-31; the ledger is always checked as a whole");
        var to = AuditAccess.Day("--to", "Chains up to and with this day (UTC)");
        var checkpoint = new Option<string?>("--checkpoint") { Description = "A checkpoint that an earlier run printed: the ledger must still hold it" };
        var command = new Command("verify", "Check every chain, and name the first bad record of each broken one") { from, to, checkpoint };
        command.SetAuditAction(context, async (parsed, output, cancellationToken) =>
        {
            // A slip of the pen must not pass for a trail that somebody has put back.
            if (parsed.GetValue(checkpoint) is { } given && !AuditVerification.IsCheckpoint(given))
            {
                return output.Fail("--checkpoint is not what 'funcai audit verify' printed, such as 12: and 64 hexadecimal digits.");
            }

            var found = await AuditAccess.Archive(context)
                .VerifyAsync(parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(checkpoint), cancellationToken);
            output.Write(new JsonObject
            {
                ["intact"] = found.IsIntact,
                ["records"] = found.Records,
                ["chains"] = found.Chains,
                ["open"] = new JsonArray([.. found.OpenChains.Select(chain => (JsonNode)chain)]),
                ["faults"] = new JsonArray([.. found.Faults.Select(fault => (JsonNode)$"{fault.Chain} record {fault.Sequence}: {fault.Kind}")]),
                ["checkpoint"] = found.Checkpoint,
            });
            return found.IsIntact ? 0 : Broken;
        });
        return command;
    }
}
