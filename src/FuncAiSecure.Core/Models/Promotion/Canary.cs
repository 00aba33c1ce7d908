using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Models.Promotion;

/// <summary>Which principals a canary gets: always the same ones, others for each model, and all of the former when the share grows.</summary>
internal static class Canary
{
    /// <summary>Whether the principal is within the first <paramref name="percent"/> of a model's principals.</summary>
    public static bool Includes(string model, PrincipalId principal, int percent)
    {
        if (percent is <= 0 or >= 100)
        {
            return percent >= 100;
        }

        // The longest inputs are 64 and 128 ASCII characters.
        Span<byte> text = stackalloc byte[256];
        var length = Encoding.UTF8.GetBytes(model, text);
        text[length++] = 0;
        length += Encoding.UTF8.GetBytes(principal.Value ?? "", text[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash) % 10_000 < (ulong)percent * 100;
    }
}
