using System.Globalization;
using System.Net;
using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Middleware;

/// <summary>
/// First of the controls, because it costs next to nothing: protocol, method, content type, declared size, deadline. It reads
/// headers only; the body of a stranger is never read.
/// </summary>
internal sealed class TransportMiddleware(IOptions<TransportOptions> options) : Stage(Stages.Transport)
{
    /// <summary>The header in which a caller says how long it waits, in milliseconds.</summary>
    internal const string DeadlineHeader = "x-deadline-ms";

    private readonly TransportOptions _options = options.Value;

    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state) => new(Check(state));

    private Refusal? Check(RequestState state)
    {
        var request = state.Http.Request;
        var endpoint = state.Endpoint;
        if (!IsSecure(state.Http))
        {
            return new Refusal(RefusalCode.MalformedRequest) { Detail = "This endpoint answers over https only." };
        }

        if (endpoint.Methods.Length > 0 && Array.IndexOf(endpoint.Methods, request.Method) < 0)
        {
            return new Refusal(RefusalCode.Method);
        }

        if (!endpoint.IsPage && !RequestHeaders.AcceptsAnswer(request, endpoint.Body))
        {
            return new Refusal(RefusalCode.Accept) { Detail = "Answers are application/json." };
        }

        return RequestHeaders.CheckBody(request, endpoint.BodyOf(request.Method), _options.MaxBodyBytes) ?? Limit(state);
    }

    private Refusal? Limit(RequestState state)
    {
        // The server's own limit set to ours: it also bounds what is drained of a body that nobody reads.
        if (state.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = _options.MaxBodyBytes;
        }

        state.LimitTime(_options.Deadline);
        string? sent = state.Http.Request.Headers[DeadlineHeader];
        if (sent is null)
        {
            return null;
        }

        if (!int.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds == 0)
        {
            return new Refusal(RefusalCode.UnsupportedParameter)
            {
                Detail = "x-deadline-ms must be a whole number of milliseconds above 0.",
                Parameter = DeadlineHeader,
            };
        }

        state.LimitTime(TimeSpan.FromMilliseconds(milliseconds));
        return null;
    }

    // Plain http is for a caller on the same machine only, which is what a browser calls a secure context as well.
    private static bool IsSecure(HttpContext http) =>
        http.Request.IsHttps || (http.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller));
}
