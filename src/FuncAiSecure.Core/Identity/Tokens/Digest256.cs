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
        Span<ulong> digest = stackalloc ulong[4];
        SHA256.HashData(bytes[..length], MemoryMarshal.AsBytes(digest));
        CryptographicOperations.ZeroMemory(bytes[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return new Digest256(digest[0], digest[1], digest[2], digest[3]);
    }

    /// <summary>A public handle of the credential: half of the digest, as hex.</summary>
    public string ToHandle() => $"{A:x16}{B:x16}";

    /// <inheritdoc />
    public override int GetHashCode() => (int)A;

    /// <inheritdoc />
    public override string ToString() => ToHandle();
}
