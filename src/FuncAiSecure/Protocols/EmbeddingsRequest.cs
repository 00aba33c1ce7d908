using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Protocols;

/// <summary>The body of <c>POST /v1/embeddings</c>.</summary>
internal sealed record EmbeddingsRequest : IWireDocument
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Texts, or token ids.</summary>
    public required WireEmbeddingInput Input { get; init; }

    /// <summary><c>float</c> or <c>base64</c>.</summary>
    public string? EncodingFormat { get; init; }

    /// <summary>A shorter length that the model offers.</summary>
    public int? Dimensions { get; init; }

    /// <summary>The caller's own user; read past.</summary>
    public string? User { get; init; }

    /// <inheritdoc />
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
