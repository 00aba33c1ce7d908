using System.Security.Cryptography;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>One version of the deployment's pepper: the HMAC-SHA256 key under which API keys are signed.</summary>
internal sealed class Pepper
{
    /// <summary>The name of the vault's secret.</summary>
    public const string SecretName = "apikey-pepper";

    /// <summary>Length of the key in bytes.</summary>
    public const int KeyLength = 32;

    private const int BlockLength = 64;
    private readonly byte[] _inner = new byte[BlockLength];
    private readonly byte[] _outer = new byte[BlockLength];

    public Pepper(string version, ReadOnlySpan<byte> key, DateTimeOffset? expires)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyLength);
        Version = version;
        Expires = expires;
        _inner.AsSpan().Fill(0x36);
        _outer.AsSpan().Fill(0x5c);
        for (var i = 0; i < key.Length; i++)
        {
            _inner[i] ^= key[i];
            _outer[i] ^= key[i];
        }
    }

    /// <summary>The vault's version id; not secret.</summary>
    public string Version { get; }

    /// <summary>From when on keys under this pepper are refused; null for never.</summary>
    public DateTimeOffset? Expires { get; }

    /// <summary>
    /// HMAC-SHA256 (RFC 2104) of an id and secret, from the framework's SHA-256 with the padded keys made beforehand: two
    /// thirds of the one-shot HMAC's time, which sets up its key on each call.
    /// </summary>
    public Mac256 Sign(ReadOnlySpan<byte> message)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(message.Length, ApiKeyFormat.MessageLength);
        Span<byte> block = stackalloc byte[BlockLength + ApiKeyFormat.MessageLength];
        _inner.CopyTo(block);
        message.CopyTo(block[BlockLength..]);
        Mac256 mac = default;
        SHA256.HashData(block, mac);

        Span<byte> outer = stackalloc byte[BlockLength + Mac256.Length];
        _outer.CopyTo(outer);
        ((ReadOnlySpan<byte>)mac).CopyTo(outer[BlockLength..]);
        SHA256.HashData(outer, mac);
        CryptographicOperations.ZeroMemory(block);
        return mac;
    }

    /// <summary>Neither a debugger nor a log shows the key.</summary>
    public override string ToString() => $"pepper {Version}";
}
