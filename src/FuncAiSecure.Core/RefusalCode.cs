namespace FuncAiSecure.Core;

/// <summary>Every reason for which a request is refused. The HTTP edge maps each to one status and one problem type.</summary>
public enum RefusalCode
{
    /// <summary>400: not HTTP, JSON or UTF-8 as it should be.</summary>
    MalformedRequest,

    /// <summary>400: a parameter that this server does not know or cannot honour.</summary>
    UnsupportedParameter,

    /// <summary>400: more than one credential in a request.</summary>
    SeveralCredentials,

    /// <summary>401: no credential.</summary>
    CredentialMissing,

    /// <summary>401: unknown, revoked, expired, not yet valid or forged; one answer for all of them.</summary>
    CredentialInvalid,

    /// <summary>403: the principal lacks the role for the action.</summary>
    RoleMissing,

    /// <summary>403: the principal may not call from this network.</summary>
    NetworkNotAllowed,

    /// <summary>404: no such thing, or nothing that this principal may see.</summary>
    NotFound,

    /// <summary>405: the route does not take this method.</summary>
    Method,

    /// <summary>406: no representation that the caller accepts.</summary>
    Accept,

    /// <summary>409: the state of the thing does not allow the change.</summary>
    Conflict,

    /// <summary>413: the body is larger than allowed.</summary>
    BodyTooLarge,

    /// <summary>415: a content type or encoding that the route does not take.</summary>
    MediaType,

    /// <summary>422: the input breaks the model's contract.</summary>
    InputInvalid,

    /// <summary>422: a guard refused the input.</summary>
    InputBlocked,

    /// <summary>422: a guard refused the output.</summary>
    OutputBlocked,

    /// <summary>429: too many requests in a short window, or too many failed credentials.</summary>
    RateLimited,

    /// <summary>429: a long window's quota is spent.</summary>
    QuotaExceeded,

    /// <summary>429: too many requests at once.</summary>
    ConcurrencyExceeded,

    /// <summary>429: the principal has learned as much of the model as its policy allows.</summary>
    InformationBudgetSpent,

    /// <summary>500: a defect of this server.</summary>
    InternalError,

    /// <summary>503: a control could not decide because something it depends on is away.</summary>
    DependencyUnavailable,

    /// <summary>503: the queue is full.</summary>
    Overloaded,

    /// <summary>503: the model exists and is not ready to serve.</summary>
    ModelNotReady,

    /// <summary>504: the deadline passed.</summary>
    DeadlineExceeded,
}
