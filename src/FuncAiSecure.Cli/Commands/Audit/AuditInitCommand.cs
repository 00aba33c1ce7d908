using System.CommandLine;
using System.Text.Json.Nodes;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary><c>funcai audit init</c>: for a vault that no template has filled, such as the local one.</summary>
internal static class AuditInitCommand
{
    public static Command Create(CliContext context)
    {
        var command = new Command("init", "Make the secrets of the trail and of captured payloads in the vault unless they are there; without the first every request is refused");
        command.SetAuditAction(context, async (_, output, cancellationToken) =>
        {
            var isNew = await AuditAccess.Secrets(context).EnsureAsync(cancellationToken);
            var isPayloadKeyNew = await AuditAccess.PayloadSecrets(context).EnsureAsync(cancellationToken);
            output.Write(new JsonObject { ["created"] = isNew, ["payloadKeyCreated"] = isPayloadKeyNew });
            return 0;
        });
        return command;
    }
}
