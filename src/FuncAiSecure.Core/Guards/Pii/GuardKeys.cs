using System.Security.Cryptography;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>The deployment's keys for pseudonyms and tokens, derived from one secret of at least 256 bits (HKDF, RFC 5869).</summary>
public sealed class GuardKeys : IDisposable
{
    private const int KeyLength = 32;
    private readonly byte[] _pseudonyms;
    private readonly byte[] _tokens;

    /// <summary>Derives the keys; throws <see cref="ArgumentException"/> for a secret under 32 bytes.</summary>
    public GuardKeys(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < KeyLength)
        {
            throw new ArgumentException("The secret is shorter than 32 bytes.", nameof(secret));
        }

        byte[] copy = secret.ToArray();
        _pseudonyms = HKDF.DeriveKey(HashAlgorithmName.SHA256, copy, KeyLength, info: "funcaisecure guards pseudonyms 1"u8.ToArray());
        _tokens = HKDF.DeriveKey(HashAlgorithmName.SHA256, copy, KeyLength, info: "funcaisecure guards tokens 1"u8.ToArray());
        CryptographicOperations.ZeroMemory(copy);
    }

    internal ReadOnlySpan<byte> Pseudonyms => _pseudonyms;

    internal ReadOnlySpan<byte> Tokens => _tokens;

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_pseudonyms);
        CryptographicOperations.ZeroMemory(_tokens);
    }
}

/// <summary>Where the deployment's guard keys come from.</summary>
public interface IGuardKeySource
{
    /// <summary>The keys, or null while they are not to be had: what needs them is then refused.</summary>
    GuardKeys? Current { get; }
}
