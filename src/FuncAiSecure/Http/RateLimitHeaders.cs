using FuncAiSecure.Core.Quotas;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.Http;

/// <summary>Writes <c>RateLimit-Policy</c> and <c>RateLimit</c>, on admitted and on refused requests alike.</summary>
internal static class RateLimitHeaders
{
    public static void Write(QuotaLease lease, IHeaderDictionary headers)
    {
        Span<char> buffer = stackalloc char[1_024];
        if (lease.RateLimitPolicy is { Length: > 0 } policy && lease.TryFormatRateLimit(buffer, out var written))
        {
            headers["RateLimit-Policy"] = policy;
            headers["RateLimit"] = new string(buffer[..written]);
        }
    }
}
