using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Protocols;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.Http;

/// <summary>What the chain needs to know about a route. One entry a function, in <see cref="Endpoints"/>.</summary>
internal sealed record Endpoint(string Function, ApiFamily Family, string Route)
{
    /// <summary>Methods that the route answers; every other one is 405. Empty where there is nothing to answer by any.</summary>
    public string[] Methods { get; init; } = ["GET"];

    /// <summary>The value of <c>Allow</c> in a 405.</summary>
    public string Allow => string.Join(", ", Methods);

    /// <summary>What a call does, as access sees it; null for the few routes that anyone may call.</summary>
    public AccessAction? Action { get; init; }

    /// <summary>The role a caller needs, or <see cref="Roles.None"/> where anyone may call.</summary>
    public Roles Role => Action is { } action ? AccessPolicy.RoleFor(action) : Roles.None;

    /// <summary>True for a file of the operator page: for browsers, and no part of the programming interface.</summary>
    public bool IsPage { get; init; }

    /// <summary>True where the route names a model that the principal must be allowed to use.</summary>
    public bool NamesModel { get; init; }

    /// <summary>What the body may be.</summary>
    public BodyKind Body { get; init; }

    /// <summary>What the body of a request with this method may be: GET and DELETE have none.</summary>
    public BodyKind BodyOf(string method) => Body is not BodyKind.Any && method is ("GET" or "DELETE") ? BodyKind.None : Body;

    /// <summary>How an inference request is read, run and answered; null for a route that runs no model.</summary>
    public Func<InferenceProtocol>? Protocol { get; init; }

    /// <summary>True where a call counts against the caller's plan.</summary>
    public bool IsMetered => Protocol is not null;

    /// <summary>The family whose error shape a caller of <paramref name="path"/> expects: unknown paths go by their prefix.</summary>
    public ApiFamily FamilyOf(PathString path) =>
        Family is not ApiFamily.Own ? Family
        : path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase) ? ApiFamily.OpenAi
        : path.StartsWithSegments("/v2", StringComparison.OrdinalIgnoreCase) ? ApiFamily.OpenInference
        : ApiFamily.Own;
}

/// <summary>What a route takes as a body.</summary>
internal enum BodyKind
{
    /// <summary>None: a body is refused.</summary>
    None,

    /// <summary>Anything: it is not looked at.</summary>
    Any,

    /// <summary>A JSON document.</summary>
    Json,

    /// <summary>A JSON document, or the binary tensor extension.</summary>
    JsonOrBinary,
}
