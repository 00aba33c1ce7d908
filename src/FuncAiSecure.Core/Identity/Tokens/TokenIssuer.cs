using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>One believed issuer: the checks that cost little, the signature, and what a token's claims grant.</summary>
internal sealed class TokenIssuer
{
    private const int MaxRoles = 100;

    // Claims that only ID tokens carry: they say who logged in somewhere, not who may call here.
    private static readonly string[] IdTokenClaims = ["nonce", "at_hash", "c_hash"];
    private static readonly string[] RoleClaims = ["roles", "scp", "scope"];
    private static readonly string[] ApplicationClaims = ["appid", "azp", "client_id"];
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 64 * 1024 };

    private readonly TokenIssuerOptions _options;
    private readonly string[] _algorithms;
    private readonly string[] _types;
    private readonly TimeSpan _skew;
    private readonly TimeProvider _time;
    private readonly FrozenDictionary<string, TokenGrantOptions> _grants;

    public TokenIssuer(TokenIssuerOptions options, IssuerKeys keys, TimeSpan skew, TimeProvider time)
    {
        _options = options;
        _algorithms = options.Algorithms.Length > 0 ? options.Algorithms : TokenIssuerOptions.DefaultAlgorithms;
        _types = options.Types.Length > 0 ? options.Types : TokenIssuerOptions.DefaultTypes;
        _skew = skew;
        _time = time;
        Keys = keys;
        _grants = options.Grants.DistinctBy(grant => grant.Role).ToFrozenDictionary(grant => grant.Role, StringComparer.Ordinal);
    }

    public IssuerKeys Keys { get; }

    /// <summary>Everything but the signature: algorithm, type, times, audience, form. Cheap, so it comes first.</summary>
    public bool IsPlausible(JsonWebToken token, DateTimeOffset now) =>
        _algorithms.Contains(token.Alg, StringComparer.Ordinal)
        && _types.Contains(token.Typ ?? "", StringComparer.OrdinalIgnoreCase)
        && !string.IsNullOrEmpty(token.Kid)
        && !token.TryGetHeaderValue<object>("crit", out _)
        && !token.TryGetHeaderValue<object>("zip", out _)
        && IsInTime(token.ValidFrom, token.ValidTo, now)
        && token.Audiences.Any(audience => _options.Audiences.Contains(audience, StringComparer.Ordinal))
        && !Array.Exists(IdTokenClaims, claim => token.TryGetPayloadValue<object>(claim, out _));

    /// <summary>Checks the signature with the key that the token names, and once more everything that the library checks.</summary>
    public async ValueTask<bool> VerifyAsync(JsonWebToken token, SecurityKey key)
    {
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = _algorithms,
            ValidIssuer = _options.Issuer,
            ValidAudiences = _options.Audiences,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (notBefore, expires, _, _) =>
                IsInTime(notBefore ?? DateTime.MinValue, expires ?? DateTime.MinValue, _time.GetUtcNow()),
        }).ConfigureAwait(false);
        return result.IsValid;
    }

    /// <summary>Until when a valid token may be remembered.</summary>
    public DateTimeOffset ValidUntil(JsonWebToken token) => new DateTimeOffset(token.ValidTo, TimeSpan.Zero) + _skew;

    /// <summary>The caller that a valid token names, with what its roles grant; null if it names nobody.</summary>
    public Principal? ToPrincipal(JsonWebToken token, string credentialId)
    {
        var name = _options.PrincipalFrom == TokenPrincipal.Application
            ? ApplicationClaims.Select(claim => Text(token, claim)).FirstOrDefault(value => value is not null) ?? token.Subject
            : token.Subject;
        if (string.IsNullOrEmpty(name) || !PrincipalId.TryParse($"{_options.Name}:{name}", out var id))
        {
            return null;
        }

        var roles = Roles.None;
        var models = ImmutableArray.CreateBuilder<string>();
        string? plan = null;
        foreach (var claimed in ClaimedRoles(token))
        {
            if (_grants.TryGetValue(claimed, out var grant))
            {
                foreach (var role in grant.Roles)
                {
                    roles |= RoleNames.TryParse(role, out var granted) ? granted : Roles.None;
                }

                models.AddRange(grant.Models);
                plan ??= grant.Plan;
            }
        }

        return new Principal
        {
            Id = id,
            CredentialKind = CredentialKind.Token,
            CredentialId = credentialId,
            Roles = roles,
            Models = [.. models.Distinct(StringComparer.Ordinal)],
            Plan = plan,
        };
    }

    // A role claim is a list, or (scopes) one string with spaces between.
    private static IEnumerable<string> ClaimedRoles(JsonWebToken token) => token.Claims
        .Where(claim => Array.IndexOf(RoleClaims, claim.Type) >= 0)
        .SelectMany(claim => claim.Type == "roles" ? [claim.Value] : claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Take(MaxRoles);

    private static string? Text(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var value) && value.Length > 0 ? value : null;

    // The library reads an absent time as DateTime.MinValue: without an end nothing is in time.
    private bool IsInTime(DateTime notBefore, DateTime expires, DateTimeOffset now) =>
        expires != DateTime.MinValue && now.UtcDateTime - _skew < expires
        && (notBefore == DateTime.MinValue || now.UtcDateTime + _skew >= notBefore);
}
