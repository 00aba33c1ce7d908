using System.Collections.Immutable;
using System.Security.Cryptography;

namespace FuncAiSecure.Core.Models.Integrity;

/// <summary>Whose signatures count, and whether a model without one is served.</summary>
public sealed class ModelTrust
{
    private readonly ImmutableArray<(string Id, byte[] PublicKey)> _keys;

    private ModelTrust(ImmutableArray<(string, byte[])> keys, bool requireSigned)
    {
        _keys = keys;
        RequireSigned = requireSigned;
    }

    /// <summary>Believes no key and takes unsigned models: for local work.</summary>
    public static ModelTrust Unsigned { get; } = new([], requireSigned: false);

    /// <summary>Whether an unsigned model is refused. A signature that does not hold is refused always.</summary>
    public bool RequireSigned { get; }

    /// <summary>Ids of the keys.</summary>
    public IEnumerable<string> KeyIds => _keys.Select(key => key.Id);

    /// <summary>
    /// Makes trust of public keys. Throws <see cref="CryptographicException"/> or <see cref="ArgumentException"/> where a text is no P-256 public key.
    /// </summary>
    /// <param name="publicKeys">Keys as PEM (<c>BEGIN PUBLIC KEY</c>) or as the base64 of SubjectPublicKeyInfo.</param>
    /// <param name="requireSigned">Whether an unsigned model is refused.</param>
    public static ModelTrust Create(IEnumerable<string> publicKeys, bool requireSigned) =>
        new([.. publicKeys.Select(ReadKey).DistinctBy(key => key.Id)], requireSigned);

    /// <summary>Makes the trust that options describe. Throws as <see cref="Create"/>, and what reading a key file throws.</summary>
    /// <param name="options">The options.</param>
    /// <param name="directory">What relative key files are relative to.</param>
    public static ModelTrust FromOptions(ModelOptions options, string directory)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(
            options.PublicKeys.Concat(options.PublicKeyFiles.Select(file => File.ReadAllText(Path.GetFullPath(file, directory)))),
            options.RequireSignatures);
    }

    /// <summary>Whether <see cref="FromOptions"/> throws this for keys that are none and for files that cannot be read.</summary>
    internal static bool IsUnreadable(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException;

    /// <summary>The name of a public key: the first 16 hexadecimal digits of the SHA-256 of its SubjectPublicKeyInfo.</summary>
    public static string KeyId(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];

    /// <summary>Signs a manifest's bytes: ECDSA over SHA-256, as a DER sequence, which <c>openssl dgst -sha256 -sign</c> writes too.</summary>
    public static byte[] Sign(ECDsa privateKey, ReadOnlySpan<byte> manifest) =>
        privateKey.SignData(manifest, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>The id of the key whose signature this is; null where it is none of theirs.</summary>
    internal string? Verify(ReadOnlySpan<byte> manifest, ReadOnlySpan<byte> signature)
    {
        foreach (var (id, publicKey) in _keys)
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            if (key.VerifyData(manifest, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
            {
                return id;
            }
        }

        return null;
    }

    private static (string Id, byte[] PublicKey) ReadKey(string text)
    {
        using var key = ECDsa.Create();
        if (text.Contains("-----BEGIN PUBLIC KEY-----", StringComparison.Ordinal))
        {
            key.ImportFromPem(text);
        }
        else if (text.Contains("-----", StringComparison.Ordinal))
        {
            throw new ArgumentException("A model signing key must be a public key in PEM.");
        }
        else
        {
            var bytes = new byte[text.Length];
            if (!Convert.TryFromBase64String(text.Trim(), bytes, out var length))
            {
                throw new ArgumentException("A model signing key is neither PEM nor base64.");
            }

            key.ImportSubjectPublicKeyInfo(bytes.AsSpan(0, length), out _);
        }

        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != "1.2.840.10045.3.1.7")
        {
            throw new ArgumentException("A model signing key must be of the curve P-256.");
        }

        return (KeyId(key), key.ExportSubjectPublicKeyInfo());
    }
}
