using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Core.Models.Manifests;

/// <summary>The strict JSON contract of manifests: unknown and repeated members, missing ones and nulls are faults, enums are words.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
