using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Protocols;

/// <summary>The body of <c>POST /v1/classify</c>.</summary>
internal sealed record ClassifyRequest : IWireDocument
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>One text or several.</summary>
    public required WireTexts Input { get; init; }

    /// <summary>How many labels to answer, best first; all where absent.</summary>
    public int? TopK { get; init; }

    /// <inheritdoc />
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
