using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>SHA-256 of a credential's text: what caches hold in its place.</summary>
internal readonly record struct Digest256(ulong A, ulong B, ulong C, ulong D)
{
    private const int OnStack = 2_048;

    /// <summary>The digest of ASCII text; buffers that held it are cleared.</summary>
    public static Digest256 Of(ReadOnlySpan<char> ascii)
    {
        byte[]? rented = null;
        var bytes = ascii.Length <= OnStack ? stackalloc byte[OnStack] : (rented = ArrayPool<byte>.Shared.Rent(ascii.Length));
        var length = Encoding.ASCII.GetBytes(ascii, bytes);
        var digest = Of(bytes[..length]);
        CryptographicOperations.ZeroMemory(bytes[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return digest;
    }

    /// <summary>The digest of data.</summary>
    public static Digest256 Of(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, digest);
        return From(digest);
    }

    /// <summary>A digest that was computed already.</summary>
    public static Digest256 From(ReadOnlySpan<byte> sha256)
    {
        var parts = MemoryMarshal.Cast<byte, ulong>(sha256);
        return new Digest256(parts[0], parts[1], parts[2], parts[3]);
    }

    /// <summary>A public handle of the credential: half of the digest, as hex.</summary>
    public string ToHandle() => $"{A:x16}{B:x16}";

    /// <inheritdoc />
    public override int GetHashCode() => (int)A;

    /// <inheritdoc />
    public override string ToString() => ToHandle();
}
