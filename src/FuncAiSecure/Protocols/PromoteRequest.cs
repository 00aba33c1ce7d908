using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Protocols;

/// <summary>The body of <c>POST /manage/models/{model}/promote</c>.</summary>
internal sealed record PromoteRequest : IWireDocument
{
    /// <summary>The version that is to serve.</summary>
    public required int Version { get; init; }

    /// <summary>The share of principals that it gets, 0 to 100; all where absent. Below 100 the rest stays where it is.</summary>
    public int? Percent { get; init; }

    /// <inheritdoc />
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
