using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Identity;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.Http;

/// <summary>Which page of the audit trail is asked for.</summary>
internal sealed record AuditPage(AuditQuery Query, AuditCursor? After, int Limit)
{
    /// <summary>The most records of a page.</summary>
    public const int MaxLimit = 1000;

    /// <summary>The longest value of a parameter, in characters.</summary>
    public const int MaxText = 128;

    private const int DefaultLimit = 100;

    /// <summary>Reads the query string; a parameter that is unknown, repeated or not of its kind is refused by its name.</summary>
    public static bool TryRead(IQueryCollection values, [NotNullWhen(true)] out AuditPage? page, [NotNullWhen(false)] out Refusal? refusal)
    {
        var read = new AuditPage(new AuditQuery(), null, DefaultLimit);
        foreach (var (name, value) in values)
        {
            var next = value is [{ Length: > 0 and <= MaxText } text] ? read.With(name, text) : null;
            if (next is null)
            {
                page = null;
                refusal = Wrong(name, value.ToString());
                return false;
            }

            read = next;
        }

        (page, refusal) = (read, null);
        return true;
    }

    private AuditPage? With(string name, string text) => name switch
    {
        "from" => DayOf(text) is { } day ? this with { Query = Query with { From = day } } : null,
        "to" => DayOf(text) is { } day ? this with { Query = Query with { To = day } } : null,
        "principal" => PrincipalId.TryParse(text, out var id) ? this with { Query = Query with { Principal = id } } : null,
        "model" => this with { Query = Query with { Model = text } },
        "outcome" => AuditOutcomes.Refuse(text) is null ? this with { Query = Query with { Outcome = text } } : null,
        "request" => this with { Query = Query with { RequestId = text } },
        "after" => AuditCursor.TryParse(text, out var cursor) ? this with { After = cursor } : null,
        "limit" => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit
            ? this with { Limit = limit }
            : null,
        _ => null,
    };

    private static DateOnly? DayOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    // Only names that this server knows are repeated.
    private static Refusal Wrong(string name, string value) =>
        name is "from" or "to" or "principal" or "model" or "outcome" or "request" or "after" or "limit"
            ? new Refusal(RefusalCode.UnsupportedParameter)
            {
                Parameter = name,
                Detail = (name == "outcome" ? AuditOutcomes.Refuse(value) : null) ?? $"The value of {name} cannot be read.",
            }
            : new Refusal(RefusalCode.UnsupportedParameter) { Detail = "A query parameter is not known here." };
}
