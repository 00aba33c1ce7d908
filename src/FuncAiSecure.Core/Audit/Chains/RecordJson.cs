using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using FuncAiSecure.Core.Identity.Network;

namespace FuncAiSecure.Core.Audit.Chains;

/// <summary>A record's bytes: JSON with its members in a fixed order, absent ones left out. These bytes are what is chained.</summary>
internal sealed class RecordJson : IDisposable
{
    // More than there are rules.
    private const int MaxVerdicts = 64;
    private const int MaxText = 256;

    private readonly Utf8JsonWriter _writer = new(Stream.Null, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    // Callers come again: their network's text is made once. One writer serves one chain under its lock.
    private IPAddress? _lastAddress;
    private string _lastNetwork = "";

    public void Write(IBufferWriter<byte> output, AuditRecord record, DateTimeOffset time, RecordNames names, long lost)
    {
        _writer.Reset(output);
        _writer.WriteStartObject();
        _writer.WriteString("time"u8, time);
        Text("request"u8, record.RequestId);
        Text("trace"u8, record.TraceId);
        Text("who"u8, names.Who);
        if (record.Principal is { } principal)
        {
            _writer.WriteString("credentialKind"u8, principal.CredentialKind switch
            {
                Identity.CredentialKind.ApiKey => "ApiKey",
                Identity.CredentialKind.Token => "Token",
                _ => "Certificate",
            });
        }

        Text("credential"u8, names.Credential);
        Network(record.ClientAddress);
        Text("action"u8, record.Action);
        Text("subject"u8, record.Subject);
        Text("about"u8, names.About);
        Text("model"u8, record.Model);
        Number("version"u8, record.Version ?? 0);
        Text("outcome"u8, record.Outcome);
        Number("status"u8, record.Status);
        Number("units"u8, record.Units);
        _writer.WriteNumber("durationMicros"u8, (long)record.Duration.TotalMicroseconds);
        Number("inferenceMicros"u8, (long)(record.InferenceDuration?.TotalMicroseconds ?? 0));
        Number("inputBytes"u8, record.InputBytes);
        Text("inputDigest"u8, record.InputDigest);
        Verdicts(record);
        Number("others"u8, record.Others);
        Number("lost"u8, lost);
        _writer.WriteEndObject();
        _writer.Flush();
    }

    public void Dispose() => _writer.Dispose();

    private void Text(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            _writer.WriteString(name, value.AsSpan(0, Math.Min(value.Length, MaxText)));
        }
    }

    private void Number(ReadOnlySpan<byte> name, long value)
    {
        if (value != 0)
        {
            _writer.WriteNumber(name, value);
        }
    }

    private void Network(IPAddress? address)
    {
        if (address is null || address.Equals(IPAddress.None))
        {
            return;
        }

        if (!address.Equals(_lastAddress))
        {
            (_lastAddress, _lastNetwork) = (address, NetworkOf(address));
        }

        _writer.WriteString("network"u8, _lastNetwork);
    }

    private static string NetworkOf(IPAddress address)
    {
        Span<byte> buffer = stackalloc byte[ClientNetwork.BufferLength];
        var network = ClientNetwork.Of(address, buffer);
        var (length, suffix) = network.Length == 3 ? (4, "/24") : (16, "/48");
        Span<byte> whole = stackalloc byte[length];
        whole.Clear();
        network.CopyTo(whole);
        return string.Concat(new IPAddress(whole).ToString(), suffix);
    }

    private void Verdicts(AuditRecord record)
    {
        if (record.Verdicts.IsDefaultOrEmpty)
        {
            return;
        }

        _writer.WriteStartArray("verdicts"u8);
        foreach (var verdict in record.Verdicts.AsSpan()[..Math.Min(record.Verdicts.Length, MaxVerdicts)])
        {
            _writer.WriteStartObject();
            Text("rule"u8, verdict.Rule);
            _writer.WriteNumber("score"u8, double.IsFinite(verdict.Score) ? verdict.Score : -1);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }
}

/// <summary>The pseudonyms in a record.</summary>
/// <param name="Who">Of the caller.</param>
/// <param name="Credential">Of what it called with.</param>
/// <param name="About">Of whom its act was about.</param>
internal readonly record struct RecordNames(string? Who, string? Credential, string? About);
