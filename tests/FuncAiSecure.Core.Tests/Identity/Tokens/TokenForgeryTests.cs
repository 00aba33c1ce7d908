using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>Tokens that the issuer did not sign, or not as they stand.</summary>
public sealed class TokenForgeryTests : TokenTests
{
    [Fact]
    public async Task Forged_signatures_algorithms_and_headers_are_refused()
    {
        var good = Token(_ => { });
        var parts = good.Split('.');
        var publicKey = Encoding.ASCII.GetBytes(Rsa.Rsa.ExportSubjectPublicKeyInfoPem());
        var unsigned = Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}");
        var forged = new Dictionary<string, string>
        {
            ["a stranger's key of the same id"] = Token(_ => { }, key: Stranger),
            ["alg none"] = $"{unsigned}.{parts[1]}.",
            ["alg none with a signature"] = $"{unsigned}.{parts[1]}.{parts[2]}",
            ["HS256 with the public key"] = Token(_ => { }, key: new SymmetricSecurityKey(publicKey) { KeyId = "k1" }, algorithm: "HS256"),
            ["no key id"] = Token(_ => { }, key: new RsaSecurityKey(Rsa.Rsa)),
            ["RS512, which is not listed"] = Token(_ => { }, algorithm: "RS512"),
            ["an embedded key"] = Token(_ => { }, new() { ["typ"] = "at+jwt", ["jwk"] = "{}" }, key: Stranger),
            ["an embedded address"] = Token(_ => { }, new() { ["typ"] = "at+jwt", ["jku"] = "https://evil.example/keys" }, key: Stranger),
            ["a critical extension"] = Token(_ => { }, new() { ["typ"] = "at+jwt", ["crit"] = new[] { "x" } }),
            ["a changed payload"] = $"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("app-1", "app-2", StringComparison.Ordinal))}.{parts[2]}",
            ["a cut signature"] = good[..^4],
            ["no signature"] = $"{parts[0]}.{parts[1]}.",
            ["two parts"] = $"{parts[0]}.{parts[1]}",
            ["five parts"] = $"{good}.{parts[1]}.{parts[2]}",
            ["padding"] = good + "=",
            ["a space"] = good + " ",
            ["garbage"] = "a.b.c",
            ["not JSON"] = $"{Base64UrlEncoder.Encode("{")}.{parts[1]}.{parts[2]}",
            ["oversized"] = $"{parts[0]}.{parts[1]}{new string('A', 9_000)}.{parts[2]}",
        };

        foreach (var (what, token) in forged)
        {
            Clock.Advance(TimeSpan.FromSeconds(2));
            (await AskAsync(token)).ShouldBe(Invalid, what);
        }

        (await AskAsync(good)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Symmetric_key_in_the_key_set_does_not_make_everybody_an_issuer()
    {
        var shared = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)) { KeyId = "shared" };
        Issuer.Published.Add(shared);

        (await AskAsync(Token(_ => { }, key: shared, algorithm: "HS256"))).ShouldBe(Invalid);
    }
}
