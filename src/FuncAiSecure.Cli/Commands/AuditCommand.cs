using System.CommandLine;
using FuncAiSecure.Cli.Commands.Audit;

namespace FuncAiSecure.Cli.Commands;

/// <summary><c>funcai audit</c>: read, check and anonymise the audit trail.</summary>
internal static class AuditCommand
{
    public static Command Create(CliContext context) => new("audit", "Read, check and anonymise the audit trail")
    {
        AuditTailCommand.Create(context),
        AuditQueryCommand.Create(context),
        AuditExportCommand.Create(context),
        AuditPayloadCommand.Create(context),
        AuditVerifyCommand.Create(context),
        AuditForgetCommand.Create(context),
        AuditInitCommand.Create(context),
    };
}
