using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Protocols;

/// <summary>The body of <c>POST /v1/moderations</c>.</summary>
internal sealed record ModerationRequest : IWireDocument
{
    /// <summary>One text or several.</summary>
    public required WireTexts Input { get; init; }

    /// <summary>The guard model; clients of the OpenAI shape may leave it out.</summary>
    public string? Model { get; init; }

    /// <inheritdoc />
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
