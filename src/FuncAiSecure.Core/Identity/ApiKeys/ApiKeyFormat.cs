using System.Security.Cryptography;
using System.Text;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>
/// The text form of an API key, described in docs/keys.md: <c>fais_</c>, id (16), <c>_</c>, secret (43), issuer tag (10),
/// checksum (6), all base 62. A key has exactly one spelling.
/// </summary>
internal static class ApiKeyFormat
{
    public const string Prefix = "fais_";
    public const int SecretLength = 43;
    public const int TagLength = 10;
    public const int ChecksumLength = 6;
    public const int Length = 81;

    /// <summary>Bytes that the issuer tag and the stored verifier cover: id and secret.</summary>
    public const int MessageLength = ApiKeyId.Length + SecretLength;

    private const int IdStart = 5;
    private const int SecretStart = IdStart + ApiKeyId.Length + 1;
    private const int TagStart = SecretStart + SecretLength;
    private const int ChecksumStart = TagStart + TagLength;

    /// <summary>Takes a key apart; false for anything but the one spelling of a key with a right checksum.</summary>
    /// <param name="text">What the caller showed.</param>
    /// <param name="id">The key id.</param>
    /// <param name="message">Receives id and secret, <see cref="MessageLength"/> bytes; the caller clears it.</param>
    /// <param name="tag">Receives the issuer tag, <see cref="TagLength"/> bytes.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out ApiKeyId id, Span<byte> message, Span<byte> tag)
    {
        id = default;
        if (text.Length != Length || !text.StartsWith(Prefix) || text[SecretStart - 1] != '_' || !Base62.IsValid(text[SecretStart..])
            || !ApiKeyId.TryParse(text.Slice(IdStart, ApiKeyId.Length), out id))
        {
            return false;
        }

        Span<byte> key = stackalloc byte[Length];
        Encoding.ASCII.GetBytes(text, key);
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        Base62.Write(Crc32.Compute(key[..ChecksumStart]), checksum);
        var valid = key[ChecksumStart..].SequenceEqual(checksum);
        if (valid)
        {
            key.Slice(IdStart, ApiKeyId.Length).CopyTo(message);
            key.Slice(SecretStart, SecretLength).CopyTo(message[ApiKeyId.Length..]);
            key.Slice(TagStart, TagLength).CopyTo(tag);
        }

        CryptographicOperations.ZeroMemory(key);
        return valid;
    }

    /// <summary>Makes a new secret for an id and writes the key's text.</summary>
    /// <param name="id">The key id.</param>
    /// <param name="pepper">The pepper that signs it.</param>
    /// <param name="verifier">What the vault keeps to recognise the key.</param>
    public static string Create(ApiKeyId id, Pepper pepper, out Mac256 verifier)
    {
        Span<byte> message = stackalloc byte[MessageLength];
        Encoding.ASCII.GetBytes(id.ToString(), message);
        RandomNumberGenerator.GetItems(Encoding.ASCII.GetBytes(Base62.Digits), message[ApiKeyId.Length..]);
        verifier = pepper.Sign(message);

        Span<byte> key = stackalloc byte[Length];
        Encoding.ASCII.GetBytes(Prefix, key);
        message[..ApiKeyId.Length].CopyTo(key[IdStart..]);
        key[SecretStart - 1] = (byte)'_';
        message[ApiKeyId.Length..].CopyTo(key[SecretStart..]);
        verifier.WriteTag(key.Slice(TagStart, TagLength));
        Base62.Write(Crc32.Compute(key[..ChecksumStart]), key[ChecksumStart..]);
        var text = Encoding.ASCII.GetString(key);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(message);
        return text;
    }

    /// <summary>A new random id.</summary>
    public static ApiKeyId NewId() =>
        ApiKeyId.TryParse(RandomNumberGenerator.GetString(Base62.Digits, ApiKeyId.Length), out var id)
            ? id
            : throw new InvalidOperationException("Sixteen digits are an id.");
}
