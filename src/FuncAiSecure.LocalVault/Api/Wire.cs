using System.Text.Json.Serialization;

namespace FuncAiSecure.LocalVault.Api;

/// <summary>The JSON of the service's REST protocol.</summary>
internal static class Wire
{
    internal sealed record Attributes
    {
        [JsonPropertyName("enabled")]
        public bool? Enabled { get; init; }

        [JsonPropertyName("nbf")]
        public long? NotBefore { get; init; }

        [JsonPropertyName("exp")]
        public long? Expires { get; init; }

        [JsonPropertyName("created")]
        public long? Created { get; init; }

        [JsonPropertyName("updated")]
        public long? Updated { get; init; }

        [JsonPropertyName("recoveryLevel")]
        public string? RecoveryLevel { get; init; }

        [JsonPropertyName("recoverableDays")]
        public int? RecoverableDays { get; init; }
    }

    internal sealed record SecretRequest
    {
        [JsonPropertyName("value")]
        public string? Value { get; init; }

        [JsonPropertyName("contentType")]
        public string? ContentType { get; init; }

        [JsonPropertyName("tags")]
        public Dictionary<string, string>? Tags { get; init; }

        [JsonPropertyName("attributes")]
        public Attributes? Attributes { get; init; }

        public override string ToString() => nameof(SecretRequest);
    }

    internal sealed record Secret
    {
        [JsonPropertyName("value")]
        public string? Value { get; init; }

        [JsonPropertyName("id")]
        public required string Id { get; init; }

        [JsonPropertyName("contentType")]
        public string? ContentType { get; init; }

        [JsonPropertyName("tags")]
        public Dictionary<string, string>? Tags { get; init; }

        [JsonPropertyName("attributes")]
        public required Attributes Attributes { get; init; }

        [JsonPropertyName("recoveryId")]
        public string? RecoveryId { get; init; }

        [JsonPropertyName("deletedDate")]
        public long? DeletedDate { get; init; }

        [JsonPropertyName("scheduledPurgeDate")]
        public long? ScheduledPurgeDate { get; init; }

        public override string ToString() => nameof(Secret);
    }

    internal sealed record Page(
        [property: JsonPropertyName("value")] IReadOnlyList<Secret> Value,
        [property: JsonPropertyName("nextLink"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextLink);

    internal sealed record ErrorBody([property: JsonPropertyName("error")] ErrorDetail Error);

    internal sealed record ErrorDetail(
        [property: JsonPropertyName("code")] string Code,
        [property: JsonPropertyName("message")] string Message,
        [property: JsonPropertyName("innererror")] InnerError? Inner);

    internal sealed record InnerError([property: JsonPropertyName("code")] string Code);
}

/// <summary>Source-generated readers and writers of <see cref="Wire"/>.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Wire.SecretRequest))]
[JsonSerializable(typeof(Wire.Secret))]
[JsonSerializable(typeof(Wire.Page))]
[JsonSerializable(typeof(Wire.ErrorBody))]
internal sealed partial class WireJson : JsonSerializerContext;
