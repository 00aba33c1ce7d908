using FuncAiSecure.Core;

namespace FuncAiSecure.Http;

/// <summary>How each refusal looks on the wire: the one place that knows statuses, problem codes and titles.</summary>
internal static class RefusalMapping
{
    /// <summary>Status, stable code and title of a refusal.</summary>
    public readonly record struct WireForm(int Status, string Code, string Title, string OpenAiType);

    /// <summary>The wire form of <paramref name="code"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A code without a wire form: a defect that a test over the enumeration finds.</exception>
    public static WireForm Of(RefusalCode code) => code switch
    {
        RefusalCode.MalformedRequest => new(400, "malformed-request", "The request is malformed.", "invalid_request_error"),
        RefusalCode.UnsupportedParameter => new(400, "unsupported-parameter", "A parameter is not supported.", "invalid_request_error"),
        RefusalCode.SeveralCredentials => new(400, "several-credentials", "More than one credential was sent.", "invalid_request_error"),
        RefusalCode.CredentialMissing => new(401, "credential-missing", "A credential is required.", "authentication_error"),
        RefusalCode.CredentialInvalid => new(401, "credential-invalid", "The credential is not valid.", "authentication_error"),
        RefusalCode.RoleMissing => new(403, "role-missing", "The role for this action is missing.", "permission_error"),
        RefusalCode.NetworkNotAllowed => new(403, "network-not-allowed", "Calls from this network are not allowed.", "permission_error"),
        RefusalCode.NotFound => new(404, "not-found", "Not found.", "invalid_request_error"),
        RefusalCode.Method => new(405, "method", "The method is not allowed here.", "invalid_request_error"),
        RefusalCode.Accept => new(406, "accept", "No acceptable representation.", "invalid_request_error"),
        RefusalCode.Conflict => new(409, "conflict", "The current state does not allow this.", "invalid_request_error"),
        RefusalCode.BodyTooLarge => new(413, "body-too-large", "The request body is too large.", "invalid_request_error"),
        RefusalCode.MediaType => new(415, "media-type", "The content type is not supported.", "invalid_request_error"),
        RefusalCode.InputInvalid => new(422, "input-invalid", "The input is not valid.", "invalid_request_error"),
        RefusalCode.InputBlocked => new(422, "input-blocked", "The input was blocked by a guard.", "invalid_request_error"),
        RefusalCode.OutputBlocked => new(422, "output-blocked", "The output was blocked by a guard.", "invalid_request_error"),
        RefusalCode.RateLimited => new(429, "rate-limited", "Too many requests.", "rate_limit_error"),
        RefusalCode.QuotaExceeded => new(429, "quota-exceeded", "The quota is spent.", "insufficient_quota"),
        RefusalCode.ConcurrencyExceeded => new(429, "concurrency-exceeded", "Too many requests at once.", "rate_limit_error"),
        RefusalCode.InformationBudgetSpent => new(429, "information-budget-spent", "The information budget is spent.", "insufficient_quota"),
        RefusalCode.InternalError => new(500, "internal-error", "The server failed.", "server_error"),
        RefusalCode.DependencyUnavailable => new(503, "dependency-unavailable", "A dependency is unavailable.", "server_error"),
        RefusalCode.Overloaded => new(503, "overloaded", "The server is overloaded.", "server_error"),
        RefusalCode.ModelNotReady => new(503, "model-not-ready", "The model is not ready.", "server_error"),
        RefusalCode.DeadlineExceeded => new(504, "deadline-exceeded", "The deadline passed.", "server_error"),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "A refusal code without a wire form."),
    };
}
