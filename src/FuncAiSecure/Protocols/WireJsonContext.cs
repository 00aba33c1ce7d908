using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Protocols;

/// <summary>The request documents of the JSON routes, strict.</summary>
[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    AllowTrailingCommas = false,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    MaxDepth = 16,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    ReadCommentHandling = JsonCommentHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ClassifyRequest))]
[JsonSerializable(typeof(ModerationRequest))]
[JsonSerializable(typeof(PromoteRequest))]
[JsonSerializable(typeof(PlanChange))]
[JsonSerializable(typeof(WindowReset))]
[JsonSerializable(typeof(KeyCreateRequest))]
[JsonSerializable(typeof(KeyRotateRequest))]
[JsonSerializable(typeof(KeyCheckRequest))]
[JsonSerializable(typeof(EmbeddingsRequest))]
[JsonSerializable(typeof(RerankRequest))]
internal sealed partial class WireJsonContext : JsonSerializerContext;
