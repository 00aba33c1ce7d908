using System.Text.Json;
using System.Text.Json.Serialization;
using FuncAiSecure.Core;

namespace FuncAiSecure.Protocols;

/// <summary>The body of <c>POST /manage/keys</c>. An initializer's value would be lost: the reader sets absent members to null.</summary>
internal sealed record KeyCreateRequest : IWireDocument
{
    /// <summary>Whom the key is for.</summary>
    public required string Principal { get; init; }

    /// <summary>A name for people.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Its roles.</summary>
    [JsonConverter(typeof(TextArrayConverter))]
    public required string[] Roles { get; init; }

    /// <summary>Its model patterns.</summary>
    [JsonConverter(typeof(TextArrayConverter))]
    public string[] Models { get => field ?? []; init; }

    /// <summary>Its networks.</summary>
    [JsonConverter(typeof(TextArrayConverter))]
    public string[] Networks { get => field ?? []; init; }

    /// <summary>Its quota plan.</summary>
    public string? Plan { get; init; }

    /// <summary>When it starts: a <see cref="PointInTime"/>. The serializer would take one without its offset in the server's zone.</summary>
    public string? NotBefore { get; init; }

    /// <summary>When it ends, likewise.</summary>
    public string? Expires { get; init; }

    /// <inheritdoc />
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The body of <c>POST /manage/keys/{id}/rotate</c>.</summary>
internal sealed record KeyRotateRequest : IWireDocument
{
    /// <summary>How long the old key works on; a day where absent.</summary>
    public int? OverlapSeconds { get; init; }

    /// <inheritdoc />
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The body of <c>POST /manage/keys/check</c>.</summary>
internal sealed record KeyCheckRequest : IWireDocument
{
    /// <summary>The key to check.</summary>
    public required string Key { get; init; }

    /// <inheritdoc />
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>Nothing of the key.</summary>
    public override string ToString() => nameof(KeyCheckRequest);
}
