using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Middleware;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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

    /// <summary>Who goes on past the stages in <see cref="Skips"/>, which other probes have asked.</summary>
    public Principal? Principal { get; private init; }

    /// <summary>Stages that this probe does not ask, because it could not get past them to the one that it is about.</summary>
    public IReadOnlyList<Type> Skips { get; private init; } = [];

    /// <summary>Every probe.</summary>
    public static IReadOnlyList<SelfCheckProbe> All { get; } =
    [
        new("no key", RefusalCode.CredentialMissing),
        new("wrong key", RefusalCode.CredentialInvalid) { Shape = ShowWrongCredentials },
        new("too large", RefusalCode.BodyTooLarge) { Shape = request => request.ContentLength = long.MaxValue },
        new("unknown model", RefusalCode.NotFound) { Principal = PrincipalOf(plan: null), Skips = [typeof(IdentityMiddleware)] },
        new("over quota", RefusalCode.QuotaExceeded)
        {
            Principal = PrincipalOf(EmptyPlan),
            Skips = [typeof(IdentityMiddleware), typeof(AccessMiddleware)],
        },
    ];

    // Where a gateway must prove itself first, its proof is as wrong as the key: a missing one would be refused for another reason.
    private static void ShowWrongCredentials(HttpRequest request)
    {
        request.Headers["x-api-key"] = "fais_self-check";
        var gateway = request.HttpContext.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value;
        if (gateway.Principals.Length > 0)
        {
            request.Headers[gateway.Header] = "Bearer self-check";
        }
    }

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
