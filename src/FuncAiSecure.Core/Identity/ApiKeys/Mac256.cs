using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>32 bytes of HMAC-SHA256 as a value, so that they can cross an await without an array.</summary>
[InlineArray(Length)]
internal struct Mac256
{
    public const int Length = 32;

    private byte _first;

    /// <summary>Are both the same? In constant time.</summary>
    public readonly bool FixedTimeEquals(in Mac256 other) => CryptographicOperations.FixedTimeEquals(this, other);

    /// <summary>Writes the issuer tag: the first 64 bits, modulo 62^10, as ten digits.</summary>
    public readonly void WriteTag(Span<byte> destination) =>
        Base62.Write(BinaryPrimitives.ReadUInt64BigEndian(this), destination[..ApiKeyFormat.TagLength]);

    /// <summary>Nothing of the value.</summary>
    public override readonly string ToString() => nameof(Mac256);
}
