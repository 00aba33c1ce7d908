using System.Buffers.Text;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>Tokens with a right signature over a text that has more than one reading, or a signature that has more than one spelling.</summary>
public sealed class TokenSpellingTests : TokenTests
{
    private const string Header = """{"alg":"RS256","typ":"at+jwt","kid":"k1"}""";

    // The order of the group of P-256 (FIPS 186-5 and SP 800-186, section 3.2.1.3).
    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, null);

    public static TheoryData<string, string, string> Payloads => new()
    {
        { "as it should be", "", Caller },
        { "a second issuer", ",\"iss\":\"https://evil.example\"", Invalid },
        { "the same issuer twice", ",\"iss\":\"ISSUER\"", Invalid },
        { "a second expiry", ",\"exp\":99999999999", Invalid },
        { "a second caller", ",\"azp\":\"admin\"", Invalid },
        { "an unknown claim twice", ",\"x\":1,\"x\":2", Invalid },
        { "a second caller, escaped", ",\"\\u0061zp\":\"admin\"", Invalid },
        { "a claim's name with escaped slashes", ",\"https:\\/\\/example.com\\/x\":1", Caller },
        { "another claim's name, escaped", ",\"\\u0078\":1", Invalid },
        { "the same name further down", ",\"x\":{\"iss\":\"https://evil.example\",\"exp\":1}", Caller },
        { "a hundred claims more", "MANY", Invalid },
        { "a value that is deeper than the reader goes", ",\"x\":" + new string('[', 70) + new string(']', 70), Invalid },
        { "a comment", "/**/", Invalid },
        { "a comma too many", ",", Invalid },
    };

    public static TheoryData<string, string, string> Headers => new()
    {
        { "as it should be", Header, Caller },
        { "two algorithms", """{"alg":"none","alg":"RS256","typ":"at+jwt","kid":"k1"}""", Invalid },
        { "two key ids", """{"alg":"RS256","typ":"at+jwt","kid":"k1","kid":"k1"}""", Invalid },
        { "an algorithm in small letters", """{"alg":"rs256","typ":"at+jwt","kid":"k1"}""", Invalid },
        { "an algorithm that is a list", """{"alg":["RS256"],"typ":"at+jwt","kid":"k1"}""", Invalid },
        { "a key id that is a number", """{"alg":"RS256","typ":"at+jwt","kid":1}""", Invalid },
        { "an empty key id", """{"alg":"RS256","typ":"at+jwt","kid":""}""", Invalid },
        { "a type that is a number", """{"alg":"RS256","typ":1,"kid":"k1"}""", Invalid },
        { "no type", """{"alg":"RS256","kid":"k1"}""", Invalid },
        { "an empty critical list", """{"alg":"RS256","typ":"at+jwt","kid":"k1","crit":[]}""", Invalid },
        { "no critical list in so many words", """{"alg":"RS256","typ":"at+jwt","kid":"k1","crit":null}""", Invalid },
        { "compression", """{"alg":"RS256","typ":"at+jwt","kid":"k1","zip":"DEF"}""", Invalid },
        { "a list", """["RS256"]""", Invalid },
        { "two objects", Header + "{}", Invalid },
        { "a byte order mark", "\ufeff" + Header, Invalid },
        { "an embedded key beside the real one", """{"alg":"RS256","typ":"at+jwt","kid":"k1","jwk":{"kty":"oct"}}""", Caller },
    };

    public static TheoryData<string, string, string> Times => new()
    {
        { "exp", "\"9999999999\"", Invalid },
        { "exp", "null", Invalid },
        { "exp", "true", Invalid },
        { "exp", "-1", Invalid },
        { "exp", "0", Invalid },
        { "exp", "1e300", Invalid },
        { "exp", "[9999999999]", Invalid },
        { "exp", "9999999999", Caller },
        { "exp", "9999999999.5", Caller },
        { "nbf", "\"0\"", Invalid },
        { "nbf", "null", Invalid },
        { "nbf", "99999999999999999999", Invalid },
        { "nbf", "1.0e3", Caller },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Payload_with_a_right_signature_is_read_in_one_way_or_refused(string what, string more, string expected) =>
        (await AskAsync(Signed(Header, Payload(more)))).ShouldBe(expected, what);

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Header_with_a_right_signature_is_read_in_one_way_or_refused(string what, string header, string expected) =>
        (await AskAsync(Signed(header, Payload("")))).ShouldBe(expected, what);

    [Theory]
    [MemberData(nameof(Times))]
    public async Task Time_is_a_number_or_the_token_is_refused(string claim, string value, string expected) =>
        (await AskAsync(Signed(Header, Payload("", claim, value)))).ShouldBe(expected);

    [Fact]
    public async Task Claims_that_are_not_valid_utf8_are_refused()
    {
        var payload = Encoding.UTF8.GetBytes(Payload(""));
        payload[payload.AsSpan().IndexOf("app-1"u8)] = 0xff;

        (await AskAsync(Signed(Encoding.UTF8.GetBytes(Header), payload))).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Every_other_spelling_of_a_signature_is_refused()
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var good = Signed(Header, Payload(""));

        // 256 bytes leave two digits in the last group: four bits that no byte takes.
        foreach (var last in Letters.Where(letter => letter != good[^1]))
        {
            (await AskAsync(good[..^1] + last, IPAddress.Parse($"198.51.{(int)last}.1"))).ShouldBe(Invalid);
        }

        (await AskAsync(good)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Token_with_the_other_signature_that_ecdsa_allows_is_the_same_credential()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = new ECDsaSecurityKey(curve) { KeyId = "e1" };
        Issuer.Published.Add(key);
        var token = Token(_ => { }, key: key, algorithm: "ES256");
        var signature = Base64Url.DecodeFromChars(token.AsSpan(token.LastIndexOf('.') + 1));
        var other = Order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        signature.AsSpan(32).Clear();
        other.TryWriteBytes(signature.AsSpan(64 - other.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        var twin = token[..(token.LastIndexOf('.') + 1)] + Base64Url.EncodeToString(signature);
        var principal = (await ShowAsync(token)).Principal.ShouldNotBeNull();
        (await ShowAsync(twin)).Principal.ShouldNotBeNull().CredentialId.ShouldBe(principal.CredentialId);
    }

    private string Payload(string more, string? claim = null, string? value = null)
    {
        var claims = new Dictionary<string, string>
        {
            ["iss"] = $"\"{Issuer.Issuer}\"",
            ["aud"] = $"\"{Audience}\"",
            ["azp"] = "\"app-1\"",
            ["exp"] = $"{Unix(3_600)}",
        };
        if (claim is not null)
        {
            claims[claim] = value!;
        }

        more = more == "MANY" ? string.Concat(Enumerable.Range(0, 100).Select(i => $",\"c{i}\":0")) : more.Replace("ISSUER", Issuer.Issuer, StringComparison.Ordinal);
        return "{" + string.Join(',', claims.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + more + "}";
    }

    private static string Signed(string header, string payload) => Signed(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload));

    private static string Signed(byte[] header, byte[] payload)
    {
        var text = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        var signature = Rsa.Rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }
}
