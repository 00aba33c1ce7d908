using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.LocalVault.Api;

/// <summary>The service's errors, each with its status, code and inner code.</summary>
internal sealed record VaultError(int Status, string Code, string Message, string? Inner = null)
{
    public static readonly VaultError Unauthorized = new(401, "Unauthorized", "A valid bearer token is required.");
    public static readonly VaultError NotFound = new(404, "SecretNotFound", "No secret of this name and version is in this vault.");
    public static readonly VaultError BadParameter = new(400, "BadParameter", "The request is not valid.");
    public static readonly VaultError Disabled =
        new(403, "Forbidden", "This operation is not allowed on a disabled secret.", "SecretDisabled");

    public static readonly VaultError Deleted =
        new(409, "Conflict", "A deleted secret of this name must be recovered or purged first.", "ObjectIsDeletedButRecoverable");

    public static readonly VaultError Throttled = new(429, "Throttled", "Too many requests.");
    public static readonly VaultError Unavailable = new(503, "ServiceUnavailable", "The service is not available.");

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        var body = new Wire.ErrorBody(new Wire.ErrorDetail(Code, Message, Inner is null ? null : new Wire.InnerError(Inner)));
        return context.Response.WriteAsJsonAsync(body, WireJson.Default.ErrorBody, cancellationToken: context.RequestAborted);
    }
}
