using FuncAiSecure.Core;
using FuncAiSecure.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FuncAiSecure.Http;

/// <summary>The checks of a request that need its headers alone.</summary>
internal static class RequestHeaders
{
    private const string Json = "application/json";
    private const string Binary = "application/octet-stream";

    /// <summary>Refuses a body that the route does not take; null if it may be read.</summary>
    public static Refusal? CheckBody(HttpRequest request, BodyKind kind, long maxBytes)
    {
        if (kind is BodyKind.Any)
        {
            return null;
        }

        var hasBody = request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0;
        if (kind is BodyKind.None)
        {
            return hasBody ? new Refusal(RefusalCode.MalformedRequest) { Detail = "This route takes no body." } : null;
        }

        if (!IsMediaType(request.ContentType, kind) && !(kind is BodyKind.JsonOrBinary && HasNoType(request)))
        {
            return new Refusal(RefusalCode.MediaType)
            {
                Detail = kind is BodyKind.Json
                    ? "Send application/json in UTF-8."
                    : "Send application/json in UTF-8, or application/octet-stream with Inference-Header-Content-Length.",
            };
        }

        // An empty field is none, here as below: gateways blank a header that they consumed.
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new Refusal(RefusalCode.MediaType) { Detail = "Send the body without content encoding." };
        }

        return request.ContentLength > maxBytes ? BodyTooLarge(maxBytes) : null;
    }

    /// <summary>The refusal of a body that is larger than allowed.</summary>
    public static Refusal BodyTooLarge(long maxBytes) =>
        new(RefusalCode.BodyTooLarge) { Detail = $"The body may have {maxBytes} bytes at most." };

    /// <summary>True unless the caller says that it takes neither JSON nor problem documents.</summary>
    public static bool AcceptsAnswer(HttpRequest request, BodyKind kind)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is "*/*" or Json or ""))
        {
            return true;
        }

        if (!MediaTypeHeaderValue.TryParseList(accept, out var wanted))
        {
            return false;
        }

        foreach (var type in wanted)
        {
            if (type.Quality is not 0 && (type.MatchesAllTypes || IsAnswerType(type, kind)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where the body carries the binary tensor extension.</summary>
    public static bool IsBinary(HttpRequest request) => HasNoType(request)
        ? request.Headers.ContainsKey(TensorProtocol.JsonLengthHeader)
        : request.ContentType is not Json && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(Binary, StringComparison.OrdinalIgnoreCase);

    // Triton's own client names no type at all: its header alone tells binary data from JSON.
    private static bool HasNoType(HttpRequest request) => string.IsNullOrEmpty(request.ContentType);

    private static bool IsAnswerType(MediaTypeHeaderValue type, BodyKind kind) =>
        (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && type.MatchesAllSubTypes)
        || type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
        || type.MediaType.Equals(ProblemWriter.ContentType, StringComparison.OrdinalIgnoreCase)
        || (kind is BodyKind.JsonOrBinary && type.MediaType.Equals(Binary, StringComparison.OrdinalIgnoreCase));

    private static bool IsMediaType(string? contentType, BodyKind kind)
    {
        if (contentType is Json)
        {
            return true;
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
        {
            return false;
        }

        if (type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            return type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        }

        return kind is BodyKind.JsonOrBinary && type.MediaType.Equals(Binary, StringComparison.OrdinalIgnoreCase);
    }
}
