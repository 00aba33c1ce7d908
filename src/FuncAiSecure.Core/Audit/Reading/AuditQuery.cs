using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Audit.Reading;

/// <summary>Which records are asked for. What is null does not restrict.</summary>
public sealed record AuditQuery
{
    /// <summary>From this day on, in UTC.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Up to and with this day, in UTC.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Of this principal; finds nothing once the principal is forgotten.</summary>
    public PrincipalId? Principal { get; init; }

    /// <summary>To this model.</summary>
    public string? Model { get; init; }

    /// <summary>With this outcome.</summary>
    public string? Outcome { get; init; }

    /// <summary>Of this request.</summary>
    public string? RequestId { get; init; }
}
