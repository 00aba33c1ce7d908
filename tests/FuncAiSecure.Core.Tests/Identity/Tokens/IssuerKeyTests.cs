using System.Security.Cryptography;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>Which published keys sign tokens, and by which algorithm.</summary>
public sealed class IssuerKeyTests : TokenTests
{
    public static TheoryData<string, Action<JsonWebKey>, bool> Published => new()
    {
        { "as it should be", _ => { }, true },
        { "without a use", key => key.Use = null, true },
        { "without an id", key => key.Kid = "", false },
        { "for encryption", key => key.Use = "enc", false },
        { "symmetric", key => { key.Kty = "oct"; key.K = "AAAA"; }, false },
        { "of an unknown kind", key => key.Kty = "OKP", false },
        { "without a modulus", key => key.N = null, false },
        { "with a short modulus", key => key.N = Base64UrlEncoder.Encode(Short()), false },
        { "with a modulus that is not base64url", key => key.N = "!", false },
        { "a curve without a point", key => { key.Kty = "EC"; key.Crv = "P-256"; }, false },
        { "a point that is not on its curve", key => { key.Kty = "EC"; key.Crv = "P-256"; key.X = key.Y = Base64UrlEncoder.Encode(new byte[32]); }, false },
        { "on an unknown curve", key => { key.Kty = "EC"; key.Crv = "secp256k1"; key.X = key.Y = Base64UrlEncoder.Encode(new byte[32]); }, false },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_key_signs_tokens_or_is_left_out(string what, Action<JsonWebKey> change, bool taken)
    {
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(Rsa.Rsa.ExportParameters(false)) { KeyId = "k" });
        key.Use = "sig";
        change(key);

        (IssuerKey.From(key) is not null).ShouldBe(taken, what);
    }

    [Fact]
    public void Key_verifies_by_its_own_kind_of_algorithm_and_the_one_it_states()
    {
        var published = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(Rsa.Rsa.ExportParameters(false)) { KeyId = "k" });
        var any = IssuerKey.From(published)!;
        published.Alg = "PS256";
        var stated = IssuerKey.From(published)!;
        published.Alg = "RS256";
        var same = IssuerKey.From(published)!;
        var hash = SHA256.HashData("text"u8);
        var signature = Rsa.Rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        any.Verifies(SignatureAlgorithm.Find("RS256")!, hash, signature).ShouldBeTrue();
        any.Verifies(SignatureAlgorithm.Find("PS256")!, hash, signature).ShouldBeFalse();
        any.Verifies(SignatureAlgorithm.Find("ES256")!, hash, signature).ShouldBeFalse();
        any.Verifies(SignatureAlgorithm.Find("RS256")!, hash, signature.AsSpan(1)).ShouldBeFalse();
        stated.Verifies(SignatureAlgorithm.Find("RS256")!, hash, signature).ShouldBeFalse();
        same.Verifies(SignatureAlgorithm.Find("RS256")!, hash, signature).ShouldBeTrue();
    }

    [Fact]
    public void Key_verifies_by_the_algorithm_of_its_own_curve()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var key = IssuerKey.From(JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(curve) { KeyId = "k" }))!;
        var (shorter, own) = (SHA256.HashData("text"u8), SHA384.HashData("text"u8));

        key.Verifies(SignatureAlgorithm.Find("ES384")!, own, curve.SignHash(own)).ShouldBeTrue();
        key.Verifies(SignatureAlgorithm.Find("ES256")!, shorter, curve.SignHash(shorter)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Every_algorithm_that_may_be_configured_is_verified_and_no_other_passes(string algorithm)
    {
        using var curve = ECDsa.Create(algorithm switch
        {
            "ES384" => ECCurve.NamedCurves.nistP384,
            "ES512" => ECCurve.NamedCurves.nistP521,
            _ => ECCurve.NamedCurves.nistP256,
        });
        SecurityKey key = algorithm[0] == 'E' ? new ECDsaSecurityKey(curve) { KeyId = "e1" } : Rsa;
        Issuer.Published.Add(key);
        await using var services = Compose(new() { [$"{TokensOptions.SectionName}:Issuers:0:Algorithms:0"] = algorithm });
        var authenticator = services.GetRequiredService<Authenticator>();
        var good = Token(_ => { }, key: key, algorithm: algorithm);
        var other = Token(_ => { }, algorithm: algorithm == "RS256" ? "RS384" : "RS256");

        (await AskAsync(authenticator, good)).ShouldBe(Caller);
        (await AskAsync(authenticator, good[..^8] + "AAAAAAA" + good[^1])).ShouldBe(Invalid);
        (await AskAsync(authenticator, other)).ShouldBe(Invalid);
    }

    private static byte[] Short()
    {
        using var rsa = RSA.Create(1024);
        return rsa.ExportParameters(false).Modulus!;
    }

    private static async Task<string> AskAsync(Authenticator authenticator, string token)
    {
        var result = await authenticator.AuthenticateAsync(PresentedCredential.Bearer(token), System.Net.IPAddress.Loopback, CancellationToken.None);
        return result.Principal?.Id.Value ?? result.Refusal!.Code.ToString();
    }
}
