using System.Buffers;
using System.Text.Json;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Promotion;

namespace FuncAiSecure.Functions;

/// <summary>Writes versions and promotions for operators. Reasons are the operator's business and are shown; nothing else shows them.</summary>
internal static class ManageModelAnswers
{
    /// <summary>All versions and what is not as it should be.</summary>
    public static void Write(IBufferWriter<byte> output, ModelReadiness readiness, IEnumerable<ModelStatus> versions)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteBoolean("ready", readiness.IsReady);
        json.WriteStartArray("reasons");
        foreach (var reason in readiness.Reasons)
        {
            json.WriteStringValue(reason);
        }

        json.WriteEndArray();
        json.WriteStartArray("models");
        foreach (var version in versions)
        {
            WriteVersion(json, version);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A model's history.</summary>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<Promotion> history)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartArray("promotions");
        foreach (var promotion in history)
        {
            WritePromotion(json, promotion);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The promotion now in force.</summary>
    public static void Write(IBufferWriter<byte> output, Promotion promotion)
    {
        using var json = new Utf8JsonWriter(output);
        WritePromotion(json, promotion);
    }

    private static void WriteVersion(Utf8JsonWriter json, ModelStatus version)
    {
        json.WriteStartObject();
        json.WriteString("name", version.Name);
        json.WriteNumber("version", version.Version);
        json.WriteString("state", version.State switch
        {
            ModelState.Loading => "loading",
            ModelState.Idle => "idle",
            ModelState.Ready => "ready",
            _ => "refused",
        });
        json.WriteBoolean("serving", version.IsServing);
        json.WriteNumber("canary_percent", version.CanaryPercent);
        json.WriteString("digest", version.Digest);
        json.WriteString("signed_by", version.SignedBy);
        json.WriteNumber("memory_bytes", version.MemoryBytes);
        json.WriteStartArray("faults");
        foreach (var fault in version.Faults)
        {
            json.WriteStringValue(fault.ToString());
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePromotion(Utf8JsonWriter json, Promotion promotion)
    {
        json.WriteStartObject();
        json.WriteString("model", promotion.Model);
        json.WriteNumber("entry", promotion.Sequence);
        json.WriteNumber("version", promotion.Version);
        json.WriteNumber("previous_version", promotion.PreviousVersion);
        if (promotion.CanaryVersion is { } canary)
        {
            json.WriteNumber("canary_version", canary);
        }

        json.WriteNumber("canary_percent", promotion.CanaryPercent);
        json.WriteBoolean("rollback", promotion.IsRollback);
        json.WriteString("by", promotion.By);
        json.WriteString("at", promotion.At);
        json.WriteEndObject();
    }
}
