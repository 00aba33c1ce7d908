using System.Security.Cryptography;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>One of the asymmetric signature algorithms of RFC 7518, section 3.1. There is no other here, so no token can ask for one.</summary>
/// <param name="Name">The value of <c>alg</c>.</param>
/// <param name="Hash">The hash that is signed.</param>
/// <param name="Padding">The padding of an RSA signature; null for ECDSA.</param>
/// <param name="CurveBits">The size of the curve; 0 for RSA.</param>
internal sealed record SignatureAlgorithm(string Name, HashAlgorithmName Hash, RSASignaturePadding? Padding, int CurveBits)
{
    /// <summary>All of them.</summary>
    public static readonly SignatureAlgorithm[] All =
    [
        new("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, 0),
        new("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1, 0),
        new("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1, 0),
        new("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss, 0),
        new("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss, 0),
        new("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss, 0),
        new("ES256", HashAlgorithmName.SHA256, null, 256),
        new("ES384", HashAlgorithmName.SHA384, null, 384),
        new("ES512", HashAlgorithmName.SHA512, null, 521),
    ];

    /// <summary>The longest hash, in bytes.</summary>
    public const int MaxHash = 64;

    /// <summary>The algorithm of this name; null for any other, <c>none</c> and the symmetric ones among them.</summary>
    public static SignatureAlgorithm? Find(ReadOnlySpan<char> name)
    {
        foreach (var algorithm in All)
        {
            if (name.SequenceEqual(algorithm.Name))
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <summary>Hashes what was signed.</summary>
    public ReadOnlySpan<byte> HashOf(ReadOnlySpan<byte> data, Span<byte> destination) =>
        destination[..CryptographicOperations.HashData(Hash, data, destination)];
}
