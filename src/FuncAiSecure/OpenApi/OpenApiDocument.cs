using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document, made of what the chain itself works by: the endpoint table, the transport's limits, the protocol's
/// limits and the mapping of refusals. Made once, when first asked for.
/// </summary>
internal sealed partial class OpenApiDocument(IOptions<TransportOptions> limits)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lazy<byte[]> _utf8 = new(() => Encoding.UTF8.GetBytes(Create(Endpoints.All, limits.Value).ToJsonString(Indented)));

    /// <summary>Whether anyone may read it.</summary>
    public bool IsServed => limits.Value.ServeOpenApi;

    /// <summary>The document.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8.Value;

    /// <summary>The document for these endpoints under these limits.</summary>
    public static JsonObject Create(IEnumerable<Endpoint> endpoints, TransportOptions limits)
    {
        var paths = new JsonObject();
        foreach (var endpoint in endpoints.Where(endpoint => !endpoint.IsPage && !endpoint.Route.Contains("{*", StringComparison.Ordinal)))
        {
            var path = "/" + Constraint().Replace(endpoint.Route, "{$1}");
            var item = (JsonObject?)paths[path];
            if (item is null)
            {
                paths[path] = item = [];
            }

            foreach (var method in endpoint.Methods)
            {
                item[method.ToLowerInvariant()] = Operation(endpoint, method, limits);
            }
        }

        var document = OpenApiParts.Frame(limits);
        document["paths"] = paths;
        RemoveUnused((JsonObject)document["components"]!["responses"]!, paths.ToJsonString());
        return document;
    }

    private static void RemoveUnused(JsonObject responses, string paths)
    {
        foreach (var name in responses.Select(response => response.Key).Where(name => !paths.Contains($"/{name}\"", StringComparison.Ordinal)).ToList())
        {
            responses.Remove(name);
        }
    }

    private static JsonObject Operation(Endpoint endpoint, string method, TransportOptions limits)
    {
        var described = OpenApiOperations.Of(endpoint.Function, method);
        var operation = new JsonObject
        {
            ["operationId"] = char.ToLowerInvariant(endpoint.Function[0]) + endpoint.Function[1..] + (endpoint.Methods.Length > 1 ? "_" + method.ToLowerInvariant() : ""),
            ["summary"] = described.Summary,
            ["tags"] = new JsonArray(endpoint.Family.ToString()),
        };
        if (endpoint.Action is null)
        {
            operation["security"] = new JsonArray();
        }

        var parameters = new JsonArray([.. Constraint().Matches(endpoint.Route).Select(match => OpenApiParts.PathParameter(match.Groups[1].Value, match.Groups[2].Value))
            .Concat(described.Query.Select(OpenApiParts.QueryParameter))
            .Concat(OpenApiHeaders.ParametersOf(endpoint))]);
        operation["parameters"] = parameters;

        if (endpoint.Body is BodyKind.Json or BodyKind.JsonOrBinary && method is not ("GET" or "DELETE"))
        {
            operation["requestBody"] = OpenApiParts.Body(described.Request, endpoint.Body is BodyKind.JsonOrBinary, limits);
        }

        operation["responses"] = Responses(endpoint, described);
        return operation;
    }

    private static JsonObject Responses(Endpoint endpoint, OpenApiOperation described)
    {
        var responses = new JsonObject(described.Statuses.Select(status => KeyValuePair.Create(NameOf(status), (JsonNode?)OpenApiParts.Success(endpoint, described.Response, status))));
        var refused = Enum.GetValues<RefusalCode>().Where(code => Applies(endpoint, described, code)).Select(code => RefusalMapping.Of(code).Status);
        foreach (var status in refused.Distinct().Except(described.Statuses).Order())
        {
            responses[NameOf(status)] = OpenApiParts.Reference("responses", OpenApiParts.ResponseOf(endpoint.Family, status));
        }

        return responses;
    }

    // What a route can answer, by what it is; a refusal that no route of its kind gives is left out.
    private static bool Applies(Endpoint endpoint, OpenApiOperation described, RefusalCode code) => RefusalMapping.Of(code).Status switch
    {
        400 or 405 or 406 or 500 or 503 or 504 => true,
        401 or 403 => endpoint.Action is not null,
        404 => endpoint.Action is not null || !endpoint.Route.StartsWith("v2/health", StringComparison.Ordinal),
        409 => endpoint.Route.StartsWith("manage", StringComparison.Ordinal),
        413 or 415 => endpoint.Body is BodyKind.Json or BodyKind.JsonOrBinary,
        422 => endpoint.Body is BodyKind.Json or BodyKind.JsonOrBinary || described.Query.Any(query => query.IsRequired),
        429 => endpoint.Action is not null,
        _ => false,
    };

    private static string NameOf(int status) => status.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(\w+)((?::[^{}]+)?)\}")]
    private static partial Regex Constraint();
}
