using System.Buffers;
using System.Text.Json;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas;

namespace FuncAiSecure.Protocols;

/// <summary>Writes usage as JSON: for its caller, or with the instances' leases for operators.</summary>
internal static class UsageWriter
{
    public static void Write(IBufferWriter<byte> output, QuotaUsage usage, PrincipalId? principal)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("object", "usage");
        if (principal is { } id)
        {
            json.WriteString("principal", id.Value);
        }

        json.WriteString("plan", usage.Plan);
        json.WriteBoolean("plan_changed", usage.IsOverridden);
        json.WriteStartArray("policies");
        foreach (var policy in usage.Policies)
        {
            json.WriteStartObject();
            json.WriteString("name", policy.Name);
            json.WriteString("window", JsonNamingPolicy.SnakeCaseLower.ConvertName(policy.Window.ToString()));
            json.WriteString("unit", JsonNamingPolicy.SnakeCaseLower.ConvertName(policy.Unit.ToString()));
            json.WriteNumber("limit", policy.Limit);
            json.WriteNumber("used", policy.Used);
            json.WriteNumber("left", policy.Left);
            if (policy.ResetAt is { } at)
            {
                json.WriteString("reset_at", at);
            }

            json.WriteBoolean("enforced", !policy.IsShadow);
            if (principal is not null)
            {
                WriteLeases(json, policy);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLeases(Utf8JsonWriter json, PolicyUsage policy)
    {
        json.WriteStartArray("leases");
        foreach (var lease in policy.Leases)
        {
            json.WriteStartObject();
            json.WriteString("id", lease.Id);
            json.WriteNumber("lent", lease.Lent);
            json.WriteNumber("held", lease.Held);
            json.WriteString("at", lease.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
