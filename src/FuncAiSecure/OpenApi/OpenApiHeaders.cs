using System.Text.Json.Nodes;
using FuncAiSecure.Http;
using FuncAiSecure.Middleware;
using FuncAiSecure.Protocols;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace FuncAiSecure.OpenApi;

/// <summary>The header fields of requests and answers that are this server's own, and which answer may carry which.</summary>
internal static class OpenApiHeaders
{
    private const string RequestIdHeader = "x-request-id";
    private const string ServerTimingHeader = "Server-Timing";
    private const string RetryAfter = "Retry-After";
    private const string WwwAuthenticate = "WWW-Authenticate";
    private const string Allow = "Allow";
    private const string ShouldRetry = "x-should-retry";

    // What model and plan have to say, once a request has come so far.
    private static readonly string[] OfModel = ["x-model-version"];
    private static readonly string[] OfPlan = ["RateLimit-Policy", "RateLimit", TextVerdicts.FlagsHeader];

    private static readonly Dictionary<string, string> Answered = new(StringComparer.Ordinal)
    {
        [RequestIdHeader] = "The id under which the audit trail has the request: the caller's own where it is safe, else a new one.",
        [ServerTimingHeader] = "Where the time went, for callers with the role debug.timing.",
        ["x-model-version"] = "The version that the request was held to.",
        ["RateLimit-Policy"] = "The policies of the caller's plan (IETF draft ratelimit-headers).",
        ["RateLimit"] = "What is left of them, and the seconds until there is more.",
        [TextVerdicts.FlagsHeader] = "Guard rules that an input broke and passed all the same.",
        [TensorProtocol.JsonLengthHeader] = "Bytes of JSON before the binary tensor data.",
        [RetryAfter] = "Seconds to wait.",
        [WwwAuthenticate] = "The scheme of a credential.",
        [Allow] = "The methods that the route takes.",
        [ShouldRetry] = "false where the quota does not come back soon: clients of the OpenAI family try again otherwise.",
    };

    private static readonly Dictionary<string, string> Sent = new(StringComparer.Ordinal)
    {
        [RequestIdHeader] = $"An id for the request: up to {RequestId.MaxLength} letters, digits and - _ .",
        [TransportMiddleware.DeadlineHeader] = "How long the caller waits, in milliseconds; it can only shorten the deployment's own limit.",
        ["traceparent"] = "W3C trace context. What is none is ignored.",
        [TensorProtocol.JsonLengthHeader] = "Bytes of JSON before the binary tensor data; 0 for a body that is one tensor's data alone.",
    };

    /// <summary>The components that <see cref="OfAnswer"/> and <see cref="OfRefusal"/> refer to.</summary>
    public static JsonObject Headers() => new(Answered.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)new JsonObject
    {
        ["description"] = header.Value,
        ["schema"] = new JsonObject { ["type"] = "string" },
    })));

    /// <summary>The components that <see cref="ParametersOf"/> refers to.</summary>
    public static JsonObject Parameters() => new(Sent.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)new JsonObject
    {
        ["name"] = header.Key,
        ["in"] = "header",
        ["description"] = header.Value,
        ["schema"] = new JsonObject { ["type"] = "string", ["maxLength"] = 256 },
    })));

    /// <summary>The header fields that a request to an endpoint may have.</summary>
    public static IEnumerable<JsonNode> ParametersOf(Endpoint endpoint) =>
        Sent.Keys.Where(name => endpoint.Body is BodyKind.JsonOrBinary || name != TensorProtocol.JsonLengthHeader).Select(name => OpenApiParts.Reference("parameters", name));

    /// <summary>The header fields that an answer of an endpoint may have.</summary>
    public static JsonObject OfAnswer(Endpoint endpoint, int status) => References(
    [
        RequestIdHeader,
        .. endpoint.Action is null ? [] : (string[])[ServerTimingHeader],
        .. endpoint.NamesModel ? OfModel : [],
        .. endpoint.IsMetered ? OfPlan : [],
        .. endpoint.Body is BodyKind.JsonOrBinary ? (string[])[TensorProtocol.JsonLengthHeader] : [],
        .. status is Status503ServiceUnavailable ? (string[])[RetryAfter] : [],
    ]);

    /// <summary>The header fields that a family's refusals with a status may have.</summary>
    public static JsonObject OfRefusal(ApiFamily family, int status) => References(
    [
        RequestIdHeader,
        .. status switch
        {
            // Refused before anybody was known.
            Status401Unauthorized => [WwwAuthenticate],
            Status405MethodNotAllowed => [Allow],
            Status406NotAcceptable or Status415UnsupportedMediaType => [],
            Status429TooManyRequests => [RetryAfter, ShouldRetry, .. Further(family)],
            Status503ServiceUnavailable => [RetryAfter, .. Further(family)],
            _ => Further(family),
        },
    ]);

    private static string[] Further(ApiFamily family) => family is ApiFamily.Own ? [ServerTimingHeader] : [ServerTimingHeader, .. OfModel, .. OfPlan];

    private static JsonObject References(IEnumerable<string> names) =>
        new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)OpenApiParts.Reference("headers", name))));
}
