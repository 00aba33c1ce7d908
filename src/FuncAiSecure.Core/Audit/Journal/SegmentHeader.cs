using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Journal;

/// <summary>What a journal segment starts with: its chain, and where in the chain it begins.</summary>
internal sealed partial record SegmentHeader(string Chain, string KeyVersion, long FirstSequence, byte[] PreviousMac)
{
    private static ReadOnlySpan<byte> Magic => "FAISJ002"u8;

    public byte[] ToBytes(ReadOnlySpan<byte> chainKey)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, HeaderJson.Default.SegmentHeader);
        byte[] bytes = [.. Magic, 0, 0, 0, 0, .. json, .. HMACSHA256.HashData(chainKey, json)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Magic.Length), json.Length);
        return bytes;
    }

    /// <summary>Reads a header without trusting it yet; null where there is none.</summary>
    public static (SegmentHeader Header, int Length)? Read(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> json, out ReadOnlySpan<byte> mac)
    {
        json = mac = default;
        var at = Magic.Length + sizeof(int);
        if (bytes.Length < at || !bytes.StartsWith(Magic))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]);
        if (length is <= 0 or > 4096 || bytes.Length < at + length + AuditKeys.MacLength)
        {
            return null;
        }

        json = bytes.Slice(at, length);
        mac = bytes.Slice(at + length, AuditKeys.MacLength);
        try
        {
            return JsonSerializer.Deserialize(json, HeaderJson.Default.SegmentHeader) is { Chain: not null, KeyVersion: not null, PreviousMac: not null } header
                ? (header, at + length + AuditKeys.MacLength)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonSerializable(typeof(SegmentHeader))]
    private sealed partial class HeaderJson : JsonSerializerContext;
}
