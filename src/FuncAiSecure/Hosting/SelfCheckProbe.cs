using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.Hosting;

/// <summary>A request that must be refused, and the reason it must be refused for.</summary>
internal sealed record SelfCheckProbe(string Name, RefusalCode Expected)
{
    /// <summary>A model that no folder can be named: the name breaks the rules for names.</summary>
    public const string UnknownModel = "~self-check~";

    /// <summary>The plan that grants nothing, see the quota options.</summary>
    public const string EmptyPlan = "self-check";

    /// <summary>Shapes the request.</summary>
    public Action<HttpRequest> Shape { get; private init; } = _ => { };

    /// <summary>The principal to go on with after the identity stage was tried by other probes; null asks the real stage.</summary>
    public Principal? Principal { get; private init; }

    /// <summary>Every probe.</summary>
    public static IReadOnlyList<SelfCheckProbe> All { get; } =
    [
        new("no key", RefusalCode.CredentialMissing),
        new("wrong key", RefusalCode.CredentialInvalid) { Shape = request => request.Headers["x-api-key"] = "fais_self-check" },
        new("too large", RefusalCode.BodyTooLarge) { Shape = request => request.ContentLength = long.MaxValue },
        new("unknown model", RefusalCode.NotFound) { Principal = PrincipalOf(plan: null) },
        new("over quota", RefusalCode.QuotaExceeded) { Principal = PrincipalOf(EmptyPlan) },
    ];

    private static Principal PrincipalOf(string? plan) => new()
    {
        Id = PrincipalId.TryParse("self-check", out var id) ? id : default,
        CredentialKind = CredentialKind.ApiKey,
        CredentialId = "self-check",
        Roles = Roles.Infer,
        Models = ["*"],
        Plan = plan,
    };
}
