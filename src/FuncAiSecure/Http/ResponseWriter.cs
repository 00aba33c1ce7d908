using System.Net.Sockets;
using FuncAiSecure.Core;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.Http;

/// <summary>The one place that writes an answer: status, headers that every answer carries, and the body.</summary>
internal static class ResponseWriter
{
    /// <summary>Writes the state's answer. A caller that has gone meanwhile is nobody's failure.</summary>
    public static async Task WriteAsync(RequestState state)
    {
        var response = state.Http.Response;
        response.StatusCode = state.Status;
        WriteHeaders(state, response.Headers);
        if (state.Status == StatusCodes.Status304NotModified)
        {
            // It has no body, and its length would be that of the body that it spares.
            return;
        }

        response.ContentType = state.ContentType;
        response.ContentLength = state.Output.Length;
        try
        {
            await response.BodyWriter.WriteAsync(state.Output.Memory, state.Http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            state.IsAbandoned = true;
        }
    }

    private static void WriteHeaders(RequestState state, IHeaderDictionary headers)
    {
        headers["x-request-id"] = state.RequestId;
        if (state.Refusal is not null || !state.Endpoint.IsPage)
        {
            headers.CacheControl = "no-store";
        }

        headers.XContentTypeOptions = "nosniff";
        if (state.Http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }

        if (state.Timing.Format(state.Principal, state.Queued, state.Time.TimestampFrequency) is { } timing)
        {
            headers["Server-Timing"] = timing;
        }

        RateLimitHeaders.Write(state.Quota, headers);
        if (state.Refusal is { } refusal)
        {
            WriteRefusalHeaders(refusal, state, headers);
        }
    }

    private static void WriteRefusalHeaders(Refusal refusal, RequestState state, IHeaderDictionary headers)
    {
        if (refusal.RetryAfter is { } wait)
        {
            headers.RetryAfter = ProblemWriter.RetryAfterSeconds(wait);
        }
        else if (state.Status == StatusCodes.Status503ServiceUnavailable)
        {
            headers.RetryAfter = "5";
        }

        switch (refusal.Code)
        {
            case RefusalCode.CredentialMissing:
                headers.WWWAuthenticate = "Bearer realm=\"funcaisecure\"";
                break;
            case RefusalCode.CredentialInvalid:
                headers.WWWAuthenticate = "Bearer realm=\"funcaisecure\", error=\"invalid_token\"";
                break;
            case RefusalCode.Method:
                headers.Allow = state.Endpoint.Allow;
                break;
            case RefusalCode.QuotaExceeded:
                // Clients of the OpenAI family retry every 429 twice; a spent quota does not come back that soon.
                headers["x-should-retry"] = "false";
                break;
        }
    }
}
