using System.Text.Json.Nodes;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;

namespace FuncAiSecure.OpenApi;

/// <summary>The schemas of bodies and answers; every bound is the one that the readers keep to.</summary>
internal static class OpenApiSchemas
{
    private static readonly string Datatypes = string.Join(',', Enum.GetValues<Datatype>().Select(datatype => $"\"{datatype.WireName()}\""));

    public static JsonObject Create(TransportOptions limits)
    {
        var schemas = (JsonObject)JsonNode.Parse(Requests(limits))!;
        schemas["Problem"] = Problem("""{ "type": "string" }""");
        schemas["OpenAiProblem"] = Problem("""
            { "type": "object", "required": ["message", "type", "param", "code"], "properties": {
              "message": { "type": "string" }, "type": { "type": "string" }, "param": { "type": ["string", "null"] }, "code": { "type": "string" } } }
            """);
        foreach (var (name, schema) in ((JsonObject)JsonNode.Parse(Answers())!).Concat(OpenApiManagement.Create(limits)))
        {
            schemas[name] = schema!.DeepClone();
        }

        return schemas;
    }

    private static string Requests(TransportOptions limits) =>
        $$"""
        {
          "AnyObject": { "type": "object" },
          "Text": { "type": "string", "minLength": 1, "maxLength": {{limits.MaxTextChars}} },
          "Texts": { "oneOf": [ { "$ref": "#/components/schemas/Text" },
            { "type": "array", "minItems": 1, "maxItems": {{limits.MaxInputs}}, "items": { "$ref": "#/components/schemas/Text" } } ] },
          "ModelName": { "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-z0-9._-]+$" },
          "TokenIds": { "type": "array", "minItems": 1, "maxItems": {{limits.MaxBodyBytes}}, "items": { "type": "integer", "minimum": 0, "maximum": {{int.MaxValue}} } },
          "ClassifyRequest": { "type": "object", "additionalProperties": false, "required": ["model", "input"], "properties": {
            "model": { "$ref": "#/components/schemas/ModelName" }, "input": { "$ref": "#/components/schemas/Texts" },
            "top_k": { "type": ["integer", "null"], "minimum": 1, "maximum": {{int.MaxValue}} } } },
          "EmbeddingsRequest": { "type": "object", "additionalProperties": false, "required": ["model", "input"], "properties": {
            "model": { "$ref": "#/components/schemas/ModelName" },
            "input": { "oneOf": [ { "$ref": "#/components/schemas/Texts" }, { "$ref": "#/components/schemas/TokenIds" },
              { "type": "array", "minItems": 1, "maxItems": {{limits.MaxInputs}}, "items": { "$ref": "#/components/schemas/TokenIds" } } ] },
            "encoding_format": { "type": ["string", "null"], "enum": ["float", "base64", null], "default": "float" },
            "dimensions": { "type": ["integer", "null"], "minimum": 1, "maximum": {{int.MaxValue}} },
            "user": { "type": ["string", "null"], "maxLength": {{limits.MaxBodyBytes}} } } },
          "RerankRequest": { "type": "object", "additionalProperties": false, "required": ["model", "query", "documents"], "properties": {
            "model": { "$ref": "#/components/schemas/ModelName" }, "query": { "$ref": "#/components/schemas/Text" },
            "documents": { "type": "array", "minItems": 1, "maxItems": {{limits.MaxInputs}}, "items": { "$ref": "#/components/schemas/Text" } },
            "top_n": { "type": ["integer", "null"], "minimum": 1, "maximum": {{int.MaxValue}} }, "return_documents": { "type": ["boolean", "null"], "default": false } } },
          "InferRequest": { "type": "object", "additionalProperties": false, "required": ["inputs"], "properties": {
            "id": { "type": "string", "maxLength": {{InferLimits.MaxIdBytes}} },
            "parameters": { "type": "object", "additionalProperties": false, "properties": {
              "binary_data_output": { "type": "boolean" }, "timeout": { "type": "integer", "minimum": 0, "maximum": {{uint.MaxValue}}, "description": "Microseconds." },
              "priority": { "type": "integer", "minimum": 0, "maximum": {{long.MaxValue}} },
              "content_type": { "type": "string", "maxLength": {{InferLimits.MaxNameBytes}} } } },
            "inputs": { "type": "array", "minItems": 1, "maxItems": {{InferLimits.MaxInputs}}, "items": { "$ref": "#/components/schemas/InferInput" } },
            "outputs": { "type": "array", "maxItems": {{InferLimits.MaxOutputs}}, "items": { "$ref": "#/components/schemas/RequestedOutput" } } } },
          "InferInput": { "type": "object", "additionalProperties": false, "required": ["name", "shape", "datatype", "data"], "properties": {
            "name": { "$ref": "#/components/schemas/TensorName" }, "shape": { "$ref": "#/components/schemas/Shape" },
            "datatype": { "$ref": "#/components/schemas/Datatype" }, "data": { "$ref": "#/components/schemas/TensorData" },
            "parameters": { "type": "object", "additionalProperties": false, "properties": { "content_type": { "type": "string", "maxLength": {{InferLimits.MaxNameBytes}} } } } } },
          "RequestedOutput": { "type": "object", "additionalProperties": false, "required": ["name"], "properties": {
            "name": { "$ref": "#/components/schemas/TensorName" },
            "parameters": { "type": "object", "additionalProperties": false, "properties": { "binary_data": { "type": "boolean" } } } } },
          "TensorName": { "type": "string", "minLength": 1, "maxLength": {{InferLimits.MaxNameBytes}} },
          "Shape": { "type": "array", "maxItems": {{InferLimits.MaxRank}}, "items": { "type": "integer", "minimum": 1, "maximum": 134217728 } },
          "Datatype": { "type": "string", "enum": [{{Datatypes}}] },
          "TensorData": { "type": "array", "maxItems": {{limits.MaxBodyBytes}}, "description": "Row-major, flat or nested as the shape says.",
            "items": { "type": ["number", "boolean", "string", "array"] } }
        }
        """;

    // One shape for every refusal; clients of a family read its error, so it is there always.
    private static JsonNode Problem(string error) => JsonNode.Parse(
        $$"""
        { "type": "object", "required": ["type", "title", "status", "detail", "instance", "traceId", "error"],
          "description": "RFC 9457, with the member error that clients of the route's family read.", "properties": {
            "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" }, "detail": { "type": "string" },
            "instance": { "type": "string" }, "traceId": { "type": "string" }, "quota": { "type": "string" },
            "errors": { "type": "array", "items": { "type": "object", "properties": { "pointer": { "type": "string" }, "message": { "type": "string" } } } },
            "error": {{error}} } }
        """)!;

    private static string Answers() =>
        """
        {
          "Health": { "type": "object", "required": ["live"], "properties": { "live": { "type": "boolean" }, "ready": { "type": "boolean" },
            "failing": { "type": "array", "items": { "type": "string" }, "description": "The dependencies for which the instance is not ready." } } },
          "ServerMetadata": { "type": "object", "required": ["name", "version", "extensions"], "properties": {
            "name": { "type": "string" }, "version": { "type": "string" }, "extensions": { "type": "array", "items": { "type": "string" } } } },
          "TensorMetadata": { "type": "object", "required": ["name", "datatype", "shape"], "properties": {
            "name": { "type": "string" }, "datatype": { "$ref": "#/components/schemas/Datatype" }, "shape": { "type": "array", "items": { "type": "integer", "minimum": -1 } } } },
          "ModelMetadata": { "type": "object", "required": ["name", "platform", "inputs", "outputs"], "properties": {
            "name": { "type": "string" }, "versions": { "type": "array", "items": { "type": "string" } }, "platform": { "type": "string" },
            "inputs": { "type": "array", "items": { "$ref": "#/components/schemas/TensorMetadata" } },
            "outputs": { "type": "array", "items": { "$ref": "#/components/schemas/TensorMetadata" } } } },
          "ModelReady": { "type": "object", "required": ["name", "ready"], "properties": { "name": { "type": "string" }, "ready": { "type": "boolean" } } },
          "InferOutput": { "type": "object", "required": ["name", "shape", "datatype", "data"], "properties": {
            "name": { "type": "string" }, "shape": { "type": "array", "items": { "type": "integer" } }, "datatype": { "$ref": "#/components/schemas/Datatype" },
            "data": { "$ref": "#/components/schemas/TensorData" } } },
          "InferResponse": { "type": "object", "required": ["model_name", "outputs"], "properties": {
            "model_name": { "type": "string" }, "model_version": { "type": "string" }, "id": { "type": "string" },
            "outputs": { "type": "array", "items": { "$ref": "#/components/schemas/InferOutput" } } } },
          "Duration": { "type": "object", "properties": { "count": { "type": "integer" }, "ns": { "type": "integer" } } },
          "ModelStatistics": { "type": "object", "required": ["model_stats"], "properties": { "model_stats": { "type": "array", "items": { "type": "object", "properties": {
            "name": { "type": "string" }, "version": { "type": "string" }, "last_inference": { "type": "integer" }, "inference_count": { "type": "integer" },
            "execution_count": { "type": "integer" }, "inference_stats": { "type": "object", "properties": {
              "success": { "$ref": "#/components/schemas/Duration" }, "fail": { "$ref": "#/components/schemas/Duration" },
              "queue": { "$ref": "#/components/schemas/Duration" }, "compute_infer": { "$ref": "#/components/schemas/Duration" } } } } } } } },
          "Timings": { "type": "object", "properties": {
            "at": { "type": "string" }, "action": { "type": "string" }, "route": { "type": "string" },
            "served": { "type": "integer" }, "refused": { "type": "integer" }, "abandoned": { "type": "integer" },
            "p50_ms": { "type": "number" }, "p95_ms": { "type": "number" }, "p99_ms": { "type": "number" } } },
          "ServerStatistics": { "type": "object", "required": ["object", "instance", "at"], "properties": {
            "object": { "type": "string", "const": "statistics" }, "instance": { "type": "string" }, "at": { "type": "string" }, "started_at": { "type": "string" },
            "failing": { "type": "array", "items": { "type": "string" } },
            "audit": { "type": "object", "properties": { "backlog": { "type": "integer" }, "lost": { "type": "integer" } } },
            "requests": { "type": "object", "properties": { "active": { "type": "integer" }, "served": { "type": "integer" }, "refused": { "type": "integer" }, "abandoned": { "type": "integer" } } },
            "refusals": { "type": "array", "items": { "type": "object", "properties": {
              "code": { "type": "string" }, "status": { "type": "integer" }, "total": { "type": "integer" }, "lately": { "type": "integer" } } } },
            "timeline": { "type": "object", "properties": { "seconds": { "type": "number" }, "count": { "type": "integer" },
              "points": { "type": "array", "items": { "$ref": "#/components/schemas/Timings" } } } },
            "actions": { "type": "array", "items": { "$ref": "#/components/schemas/Timings" } },
            "recent": { "type": "array", "items": { "type": "object", "properties": {
              "at": { "type": "string" }, "request_id": { "type": "string" }, "action": { "type": "string" }, "model": { "type": "string" }, "version": { "type": "integer" },
              "pseudonym": { "type": "string" }, "outcome": { "type": "string" }, "status": { "type": "integer" }, "ms": { "type": "number" } } } },
            "models": { "type": "array", "items": { "type": "object", "properties": {
              "name": { "type": "string" }, "version": { "type": "integer" }, "state": { "type": "string" }, "serving": { "type": "boolean" },
              "canary_percent": { "type": "integer" }, "memory_bytes": { "type": "integer" }, "waiting": { "type": "integer" }, "counts": { "$ref": "#/components/schemas/RunCounts" } } } },
            "callers": { "type": "array", "items": { "type": "object", "properties": { "principal": { "type": "string" }, "plan": { "type": ["string", "null"] } } } } } },
          "RunCounts": { "type": "object", "description": "Since the version was loaded.", "properties": {
            "answered": { "type": "integer" }, "failed": { "type": "integer" }, "turned_away": { "type": "integer" }, "runs": { "type": "integer" }, "rows": { "type": "integer" },
            "waited_ms": { "type": "number" }, "ran_ms": { "type": "number" },
            "batch_sizes": { "type": "array", "items": { "type": "object", "properties": { "up_to": { "type": "integer" }, "runs": { "type": "integer" } } } } } },
          "Model": { "type": "object", "required": ["id", "object"], "properties": {
            "id": { "type": "string" }, "object": { "type": "string", "const": "model" }, "created": { "type": "integer" }, "owned_by": { "type": "string" } } },
          "ModelList": { "type": "object", "required": ["object", "data"], "properties": {
            "object": { "type": "string", "const": "list" }, "data": { "type": "array", "items": { "$ref": "#/components/schemas/Model" } } } },
          "Usage": { "type": "object", "properties": { "prompt_tokens": { "type": "integer" }, "total_tokens": { "type": "integer" } } },
          "ClassifyResponse": { "type": "object", "required": ["object", "model", "data"], "properties": {
            "id": { "type": "string" }, "object": { "type": "string" }, "created": { "type": "integer" }, "model": { "type": "string" }, "usage": { "$ref": "#/components/schemas/Usage" },
            "data": { "type": "array", "items": { "type": "object", "properties": { "index": { "type": "integer" }, "label": { "type": "string" },
              "probs": { "type": "array", "items": { "type": "number" } },
              "scores": { "type": "array", "items": { "type": "object", "properties": { "label": { "type": "string" }, "score": { "type": "number" } } } } } } } } },
          "EmbeddingsResponse": { "type": "object", "required": ["object", "model", "data"], "properties": {
            "object": { "type": "string" }, "model": { "type": "string" }, "usage": { "$ref": "#/components/schemas/Usage" },
            "data": { "type": "array", "items": { "type": "object", "properties": { "object": { "type": "string" }, "index": { "type": "integer" },
              "embedding": { "oneOf": [ { "type": "array", "items": { "type": "number" } }, { "type": "string", "contentEncoding": "base64" } ] } } } } } },
          "RerankResponse": { "type": "object", "required": ["model", "results"], "properties": {
            "id": { "type": "string" }, "model": { "type": "string" }, "usage": { "$ref": "#/components/schemas/Usage" },
            "results": { "type": "array", "items": { "type": "object", "properties": { "index": { "type": "integer" }, "relevance_score": { "type": "number" },
              "document": { "type": "object", "properties": { "text": { "type": "string" } } } } } } } }
        }
        """;
}
