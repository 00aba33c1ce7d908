using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Protocols;

/// <summary>The body of <c>POST /v1/rerank</c>.</summary>
internal sealed record RerankRequest : IWireDocument
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>What the documents are to answer.</summary>
    public required string Query { get; init; }

    /// <summary>The documents.</summary>
    [JsonConverter(typeof(TextArrayConverter))]
    public required string[] Documents { get; init; }

    /// <summary>How many documents to answer, best first; all where absent.</summary>
    public int? TopN { get; init; }

    /// <summary>Whether the documents' texts come back.</summary>
    public bool? ReturnDocuments { get; init; }

    /// <inheritdoc />
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
