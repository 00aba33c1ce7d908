using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Protocols;

/// <summary>The body of <c>PUT /manage/usage/plan</c>.</summary>
internal sealed record PlanChange : IWireDocument
{
    /// <summary>Whose plan.</summary>
    public required string Principal { get; init; }

    /// <summary>A configured plan, or null to go back to the plan of the credential.</summary>
    public required string? Plan { get; init; }

    /// <inheritdoc />
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The body of <c>POST /manage/usage/reset</c>.</summary>
internal sealed record WindowReset : IWireDocument
{
    /// <summary>Whose windows.</summary>
    public required string Principal { get; init; }

    /// <summary>The policy; all counted ones where absent.</summary>
    public string? Policy { get; init; }

    /// <summary>The plan that the caller's credential names; the default plan where absent.</summary>
    public string? Plan { get; init; }

    /// <inheritdoc />
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
