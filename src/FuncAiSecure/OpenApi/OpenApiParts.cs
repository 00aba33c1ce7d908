using System.Text.Json.Nodes;
using FuncAiSecure.Core;
using FuncAiSecure.Http;

namespace FuncAiSecure.OpenApi;

/// <summary>The pieces that operations share: frame, security, parameters, bodies, answers.</summary>
internal static class OpenApiParts
{
    /// <summary>Everything but the paths.</summary>
    public static JsonObject Frame(TransportOptions limits)
    {
        var responses = new JsonObject();
        foreach (var forms in Enum.GetValues<RefusalCode>().Select(RefusalMapping.Of).GroupBy(form => form.Status).OrderBy(forms => forms.Key))
        {
            foreach (var family in Enum.GetValues<ApiFamily>())
            {
                responses[ResponseOf(family, forms.Key)] = new JsonObject
                {
                    ["description"] = "Refused: " + string.Join(", ", forms.Select(form => form.Code)) + ".",
                    ["headers"] = OpenApiHeaders.OfRefusal(family, forms.Key),
                    ["content"] = new JsonObject { [ProblemWriter.ContentType] = new JsonObject { ["schema"] = Reference("schemas", family is ApiFamily.OpenAi ? "OpenAiProblem" : "Problem") } },
                };
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "FuncAiSecure",
                ["version"] = "1",
                ["summary"] = "Secure inference on ONNX models.",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "This instance." }),
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["apiKey"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. Enum.GetNames<ApiFamily>().Select(name => new JsonObject { ["name"] = name, ["description"] = $"Routes of the family {name}." })]),
            ["paths"] = new JsonObject(),
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key, or an access token of the deployment's identity provider." },
                    ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-api-key" },
                },
                ["schemas"] = OpenApiSchemas.Create(limits),
                ["responses"] = responses,
                ["headers"] = OpenApiHeaders.Headers(),
                ["parameters"] = OpenApiHeaders.Parameters(),
            },
        };
    }

    /// <summary>The name of the response that a family's refusals with a status have.</summary>
    public static string ResponseOf(ApiFamily family, int status) => $"{family}{status}";

    public static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    public static JsonObject PathParameter(string name, string constraint) => new()
    {
        ["name"] = name,
        ["in"] = "path",
        ["required"] = true,
        ["schema"] = constraint.Contains("int", StringComparison.Ordinal)
            ? new JsonObject { ["type"] = "string", ["pattern"] = "^[1-9][0-9]{0,9}$", ["maxLength"] = 10 }
            : new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 256 },
    };

    public static JsonObject QueryParameter(OpenApiQuery query) => new()
    {
        ["name"] = query.Name,
        ["in"] = "query",
        ["required"] = query.IsRequired,
        ["description"] = query.Meaning,
        ["schema"] = query.Largest is { } largest
            ? new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = largest }
            : new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = AuditPage.MaxText },
    };

    public static JsonObject Body(string schema, bool binary, TransportOptions limits)
    {
        var content = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference("schemas", schema) } };
        if (binary)
        {
            content["application/octet-stream"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["maxLength"] = limits.MaxBodyBytes } };
        }

        return new JsonObject
        {
            ["required"] = true,
            ["description"] = binary
                ? $"At most {limits.MaxBodyBytes} bytes. In application/octet-stream binary tensor data follows the JSON, whose length is the header Inference-Header-Content-Length; an input has the parameter binary_data_size in place of data."
                : $"At most {limits.MaxBodyBytes} bytes.",
            ["content"] = content,
        };
    }

    public static JsonObject Success(Endpoint endpoint, string schema, int status)
    {
        var content = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference("schemas", schema) } };
        if (endpoint.Body is BodyKind.JsonOrBinary)
        {
            content["application/octet-stream"] = new JsonObject
            {
                ["schema"] = new JsonObject { ["type"] = "string", ["description"] = "Where an output was asked for in binary: it has the parameter binary_data_size in place of data, and its data follows the JSON." },
            };
        }

        return new JsonObject
        {
            ["description"] = status < 300 ? "Done." : "Not now.",
            ["headers"] = OpenApiHeaders.OfAnswer(endpoint, status),
            ["content"] = content,
        };
    }
}
