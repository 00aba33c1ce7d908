using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.LocalHost.Http;

/// <summary>
/// What the host does to a request's headers on the way to the worker. It writes the forwarding headers anew from its own
/// connection, and the worker turns them back into connection, scheme and host: in the end a caller's own are gone.
/// </summary>
internal static class HostHeaders
{
    /// <summary>The header that joins request and invocation; a caller's own is overwritten.</summary>
    public const string InvocationId = "x-ms-invocation-id";

    private static readonly string[] Rewritten =
    [
        "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix",
        "X-Original-For", "X-Original-Proto", "X-Original-Host", "X-Original-Prefix",
    ];

    /// <summary>Removes the caller's forwarding headers.</summary>
    public static void RemoveForwarding(HttpContext http)
    {
        var headers = http.Request.Headers;
        foreach (var name in Rewritten)
        {
            headers.Remove(name);
        }
    }

    /// <summary>Removes the caller's forwarding headers and sets the invocation's id.</summary>
    public static void Rewrite(HttpContext http, string invocationId)
    {
        RemoveForwarding(http);
        http.Request.Headers[InvocationId] = invocationId;
    }
}
