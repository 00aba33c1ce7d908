using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>
/// One public signing key of an issuer. The framework does not promise that an RSA or ECDsa object can be used by two threads at once, so
/// as many are kept as were ever in use at the same time; making one costs several times what a verification does.
/// </summary>
internal sealed class IssuerKey
{
    private const int MinRsaBits = 2_048;
    private const int MaxRsaBits = 8_192;

    private readonly ConcurrentQueue<AsymmetricAlgorithm> _idle = new();
    private readonly Func<AsymmetricAlgorithm> _create;
    private readonly string? _algorithm;
    private readonly bool _isRsa;
    private readonly int _bits;

    private IssuerKey(Func<AsymmetricAlgorithm> create, string? algorithm)
    {
        _create = create;
        _algorithm = algorithm;
        var first = create();
        _isRsa = first is RSA;
        _bits = first.KeySize;
        _idle.Enqueue(first);
    }

    /// <summary>
    /// Takes a key of a JSON Web Key Set; null if it is not one that signs tokens here: no id, for encryption, symmetric (which could make
    /// anybody an issuer), too short, on an unknown curve, or malformed.
    /// </summary>
    public static IssuerKey? From(JsonWebKey key)
    {
        if (string.IsNullOrEmpty(key.Kid) || key.Use is not (null or "" or "sig"))
        {
            return null;
        }

        try
        {
            var algorithm = string.IsNullOrEmpty(key.Alg) ? null : key.Alg;
            return key.Kty switch
            {
                JsonWebAlgorithmsKeyTypes.RSA => OfRsa(key, algorithm),
                JsonWebAlgorithmsKeyTypes.EllipticCurve => OfCurve(key, algorithm),
                _ => null,
            };
        }
        catch (Exception malformed) when (malformed is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Is the signature this key's, by this algorithm, of data with this hash?</summary>
    public bool Verifies(SignatureAlgorithm algorithm, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (_isRsa == (algorithm.Padding is null) || (!_isRsa && _bits != algorithm.CurveBits)
            || (_algorithm is not null && _algorithm != algorithm.Name))
        {
            return false;
        }

        var verifier = _idle.TryDequeue(out var idle) ? idle : _create();
        var valid = verifier is RSA rsa
            ? signature.Length == (_bits + 7) / 8 && rsa.VerifyHash(hash, signature, algorithm.Hash, algorithm.Padding!)
            : ((ECDsa)verifier).VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _idle.Enqueue(verifier);
        return valid;
    }

    private static IssuerKey? OfRsa(JsonWebKey key, string? algorithm)
    {
        var parameters = new RSAParameters { Modulus = Base64UrlEncoder.DecodeBytes(key.N), Exponent = Base64UrlEncoder.DecodeBytes(key.E) };
        var made = new IssuerKey(() => RSA.Create(parameters), algorithm);
        return made._bits is >= MinRsaBits and <= MaxRsaBits ? made : null;
    }

    private static IssuerKey? OfCurve(JsonWebKey key, string? algorithm)
    {
        ECCurve? curve = key.Crv switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => null,
        };
        if (curve is null)
        {
            return null;
        }

        var point = new ECPoint { X = Base64UrlEncoder.DecodeBytes(key.X), Y = Base64UrlEncoder.DecodeBytes(key.Y) };
        var parameters = new ECParameters { Curve = curve.Value, Q = point };
        return new IssuerKey(() => ECDsa.Create(parameters), algorithm);
    }
}
