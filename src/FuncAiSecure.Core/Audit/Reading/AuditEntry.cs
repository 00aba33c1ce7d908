using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncAiSecure.Core.Audit.Reading;

/// <summary>A stored record with its place, and the principal's name while it is not forgotten.</summary>
public sealed class AuditEntry
{
    private readonly JsonObject _record;

    internal AuditEntry(string chain, long sequence, JsonObject record, ChainNames names)
    {
        Chain = chain;
        Sequence = sequence;
        _record = record;
        Principal = names.Of(Text("who"));
        About = names.Of(Text("about"));
    }

    /// <summary>The chain.</summary>
    public string Chain { get; }

    /// <summary>The place in the chain, from 1.</summary>
    public long Sequence { get; }

    /// <summary>Who called; null if nobody did, or somebody who was forgotten.</summary>
    public string? Principal { get; }

    /// <summary>To whom an operator did something; null if to nobody, or somebody who was forgotten.</summary>
    public string? About { get; }

    /// <summary>When the record was accepted.</summary>
    public DateTimeOffset Time => _record["time"] is JsonValue value && value.TryGetValue<DateTimeOffset>(out var time) ? time : default;

    /// <summary>Where the next page would begin.</summary>
    public AuditCursor Cursor => new(Chain, Sequence);

    /// <summary>A text member of the record by its name in the export; null if absent.</summary>
    public string? Text(string member) => _record[member] is JsonValue value ? value.ToString() : null;

    /// <summary>Writes the record as one JSON object: place, principal, then the stored members.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("chain"u8, Chain);
        writer.WriteNumber("sequence"u8, Sequence);
        if (Principal is not null)
        {
            writer.WriteString("principal"u8, Principal);
        }

        if (About is not null)
        {
            writer.WriteString("aboutPrincipal"u8, About);
        }

        foreach (var (name, value) in _record)
        {
            writer.WritePropertyName(name);
            if (value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
