using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>
/// Thousands of altered tokens beside <see cref="JsonWebTokenHandler"/>: what is believed here that library believes too, and reads the
/// same caller and roles from it. The reverse need not hold: this side is stricter about spelling.
/// </summary>
public sealed class TokenOracleTests : TokenTests
{
    private const int Tokens = 1_500;
    private const string Port = "PPPPP";

    private static readonly string[] Pieces =
    [
        "\"", "{", "}", "[", "]", ",", ":", "null", "true", "0", "-1", "1e9", "99999999999", "\\u0061", "\\/", "\\", "\"iss\":", "\"aud\":",
        "\"exp\":", "\"nbf\":", "\"azp\":\"app-2\"", "\"sub\":\"\"", "\"roles\":[\"FuncAi.Infer\"]", "\"scp\":\"FuncAi.Keys x\"", "\"nonce\":\"n\"",
        "\"alg\":\"none\"", "\"kid\":\"k2\"", "\"typ\":\"JWT\"", "\"crit\":[]", "ES256", "RS512", "HS256", " ", "\n", "é", "\u0000",
    ];

    private static readonly HashSet<string> AccessTokenTypes = new(["at+jwt", "application/at+jwt", "JWT"], StringComparer.OrdinalIgnoreCase);

    [Fact]
    public async Task Altered_token_is_believed_only_if_the_library_believes_it_and_reads_the_same()
    {
        await using var services = Compose(new()
        {
            ["FuncAiSecure:Identity:FailureBurst"] = "10000",
            ["FuncAiSecure:Identity:FailuresPerMinute"] = "10000",
        });
        var authenticator = services.GetRequiredService<Authenticator>();
        var random = new Random(20261122);
        var believed = 0;
        var refused = 0;
        for (var i = 0; i < Tokens; i++)
        {
            var token = Altered(random);
            var ours = await authenticator.AuthenticateAsync(PresentedCredential.Bearer(token), IPAddress.Loopback, CancellationToken.None);
            if (ours.Principal is not { } principal)
            {
                ours.Refusal!.Code.ShouldBe(RefusalCode.CredentialInvalid, token);
                refused++;
                continue;
            }

            believed++;
            var theirs = await JudgeAsync(token);
            theirs.IsValid.ShouldBeTrue($"{theirs.Exception?.GetType().Name} for {token}");
            var parsed = (JsonWebToken)theirs.SecurityToken;
            principal.Id.Value.ShouldBe("local:" + CallerOf(parsed), token);
            principal.Roles.ShouldBe(RolesOf(parsed), token);
        }

        believed.ShouldBeGreaterThan(Tokens / 20);
        refused.ShouldBeGreaterThan(Tokens / 4);
    }

    /// <summary>The issuer's port has four digits or five; in its place stand five letters until the changes are made, so that the seed says all.</summary>
    private string Altered(Random random)
    {
        var port = new Uri(Issuer.Issuer).Port.ToString(CultureInfo.InvariantCulture);
        var header = """{"alg":"RS256","typ":"at+jwt","kid":"k1"}""";
        var payload = $$$"""{"iss":"{{{Issuer.Issuer.Replace(port, Port, StringComparison.Ordinal)}}}","aud":["x","{{{Audience}}}"],"azp":"app-1","sub":"s","roles":["FuncAi.Infer","y"],"scp":"z","nbf":{{{Unix(0)}}},"exp":{{{Unix(3_600)}}}}""";
        for (var change = random.Next(4); change > 0; change--)
        {
            if (random.Next(4) == 0)
            {
                header = Change(header, random);
            }
            else
            {
                payload = Change(payload, random);
            }
        }

        payload = payload.Replace(Port, port, StringComparison.Ordinal);
        var text = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        var signature = Rsa.Rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var token = $"{text}.{Base64Url.EncodeToString(signature)}";
        return random.Next(5) == 0 ? Change(token, random) : token;
    }

    private static string Change(string text, Random random)
    {
        var at = random.Next(text.Length);
        var end = Math.Min(text.Length, at + random.Next(1, 12));
        return random.Next(5) switch
        {
            0 => text.Remove(at, end - at),
            1 => text.Insert(at, text[at..end]),
            2 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
            3 => text.Insert(text.LastIndexOf('}') is var last and > 0 ? last : at, "," + Pieces[random.Next(Pieces.Length)]),
            _ => text.Remove(at, 1).Insert(at, ((char)random.Next(32, 127)).ToString()),
        };
    }

    private Task<TokenValidationResult> JudgeAsync(string token) => new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(
        token,
        new TokenValidationParameters
        {
            IssuerSigningKey = Rsa,
            ValidAlgorithms = ["RS256"],
            // A media type, whose letters' case says nothing (RFC 7515, 4.1.9); the library's own list of types is compared byte by byte.
            TypeValidator = (type, _, _) => AccessTokenTypes.Contains(type)
                ? type
                : throw new SecurityTokenInvalidTypeException("no type of an access token"),
            ValidIssuer = Issuer.Issuer,
            ValidAudience = Audience,
            RequireExpirationTime = true,
            LifetimeValidator = (notBefore, expires, _, _) => expires is not null
                && Clock.GetUtcNow().UtcDateTime < expires.Value.AddSeconds(60)
                && (notBefore is null || Clock.GetUtcNow().UtcDateTime.AddSeconds(60) >= notBefore),
        });

    private static string CallerOf(JsonWebToken token) => new[] { "appid", "azp", "client_id", "sub" }
        .Select(name => token.TryGetPayloadValue<object>(name, out var value) ? value as string : null)
        .First(name => !string.IsNullOrEmpty(name))!;

    private static Roles RolesOf(JsonWebToken token)
    {
        var names = token.Claims.Where(claim => claim.Type is "roles" or "scp" or "scope")
            .SelectMany(claim => claim.Type == "roles" ? [claim.Value] : claim.Value.Split(' '))
            .ToHashSet();
        return (names.Contains("FuncAi.Infer") ? Roles.Infer : Roles.None) | (names.Contains("FuncAi.Keys") ? Roles.ManageKeys : Roles.None);
    }
}
