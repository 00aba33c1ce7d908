using System.CommandLine;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary><c>funcai audit forget</c>.</summary>
internal static class AuditForgetCommand
{
    public static Command Create(CliContext context)
    {
        var principal = new Argument<string>("principal") { Description = "Whom to forget" };
        var command = new Command("forget", "Destroy the keys of a principal's pseudonyms: its records stay and verify, but name nobody") { principal };
        command.SetAuditAction(context, async (parsed, output, cancellationToken) =>
        {
            if (!PrincipalId.TryParse(parsed.GetRequiredValue(principal), out var id))
            {
                return output.Fail(CliValues.NotAPrincipal);
            }

            output.Write(new JsonObject { ["keysDestroyed"] = await AuditAccess.Archive(context).ForgetAsync(id, cancellationToken) });
            return 0;
        });
        return command;
    }
}
