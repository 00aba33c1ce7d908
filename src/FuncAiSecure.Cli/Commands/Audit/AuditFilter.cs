using System.CommandLine;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Cli.Commands.Audit;

/// <summary>The options by which a command chooses records.</summary>
internal sealed class AuditFilter
{
    private readonly Option<DateOnly?> _from = AuditAccess.Day("--from", "From this day on (UTC), as 2026-01-31");
    private readonly Option<DateOnly?> _to = AuditAccess.Day("--to", "Up to and with this day (UTC)");
    private readonly Option<string?> _principal = new("--principal") { Description = "Only of this principal; nothing is found of one that was forgotten" };
    private readonly Option<string?> _model = new("--model") { Description = "Only to this model" };
    private readonly Option<string?> _outcome = Outcome();
    private readonly Option<string?> _request = new("--request") { Description = "Only of this request id" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _from, _to, _principal, _model, _outcome, _request })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What the caller asked for; null where the principal cannot be one.</summary>
    public AuditQuery? Read(ParseResult parsed)
    {
        PrincipalId? principal = null;
        if (parsed.GetValue(_principal) is { } text)
        {
            if (!PrincipalId.TryParse(text, out var id))
            {
                return null;
            }

            principal = id;
        }

        return new AuditQuery
        {
            From = parsed.GetValue(_from),
            To = parsed.GetValue(_to),
            Principal = principal,
            Model = parsed.GetValue(_model),
            Outcome = parsed.GetValue(_outcome),
            RequestId = parsed.GetValue(_request),
        };
    }

    private static Option<string?> Outcome() => new("--outcome")
    {
        Description = "Only with this outcome, such as served or QuotaExceeded; of any other word the refusal names all there are",
        CustomParser = result =>
        {
            if (AuditOutcomes.Refuse(result.Tokens[0].Value) is { } reason)
            {
                result.AddError($"--outcome: {reason}");
            }

            return result.Tokens[0].Value;
        },
    };
}
