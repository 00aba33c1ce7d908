using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>One believed issuer: the checks that cost little, its keys, and what a token's claims grant.</summary>
internal sealed class TokenIssuer
{
    private const int MaxRoles = 100;
    private const int OnStack = 256;

    // The year 5138: whatever is added to it stays within what the framework can tell.
    private const long LatestTime = 100_000_000_000;

    private readonly TokenIssuerOptions _options;
    private readonly string[] _algorithms;
    private readonly string[] _types;
    private readonly byte[][] _audiences;
    private readonly TimeSpan _skew;
    private readonly FrozenDictionary<string, Grant> _grants;

    public TokenIssuer(TokenIssuerOptions options, IssuerKeys keys, TimeSpan skew)
    {
        _options = options;
        _algorithms = options.Algorithms.Length > 0 ? options.Algorithms : TokenIssuerOptions.DefaultAlgorithms;
        _types = options.Types.Length > 0 ? options.Types : TokenIssuerOptions.DefaultTypes;
        _audiences = [.. options.Audiences.Select(Encoding.UTF8.GetBytes)];
        _skew = skew;
        Keys = keys;
        _grants = options.Grants.ToFrozenDictionary(grant => grant.Role, grant => new Grant(grant), StringComparer.Ordinal);
    }

    public IssuerKeys Keys { get; }

    /// <summary>Everything but the signature: algorithm, type, times, audience, form. Cheap, so it comes first.</summary>
    /// <param name="header">The token's header.</param>
    /// <param name="claims">The token's claims, which name this issuer.</param>
    /// <param name="algorithm">The algorithm that the header names.</param>
    /// <param name="now">The present time.</param>
    /// <param name="until">Until when the token may be remembered if its signature is right.</param>
    public bool IsPlausible(
        in JsonMembers header, in JsonMembers claims, SignatureAlgorithm algorithm, DateTimeOffset now, out DateTimeOffset until)
    {
        until = default;
        if (!_algorithms.Contains(algorithm.Name, StringComparer.Ordinal) || !IsAccessToken(header, claims) || !IsForUs(claims["aud"u8])
            || !TryReadTime(claims["exp"u8], out var expires))
        {
            return false;
        }

        until = expires + _skew;
        return now < until && (!claims.Has("nbf"u8) || (TryReadTime(claims["nbf"u8], out var notBefore) && now + _skew >= notBefore));
    }

    /// <summary>The caller that a valid token names, with what its roles grant; null if it names nobody.</summary>
    public Principal? ToPrincipal(in JsonMembers claims, string credentialId)
    {
        Span<char> buffer = stackalloc char[OnStack];
        var name = _options.PrincipalFrom == TokenPrincipal.Application ? claims.Text("appid"u8, buffer) : default;
        if (_options.PrincipalFrom == TokenPrincipal.Application)
        {
            name = name.IsEmpty ? claims.Text("azp"u8, buffer) : name;
            name = name.IsEmpty ? claims.Text("client_id"u8, buffer) : name;
        }

        name = name.IsEmpty ? claims.Text("sub"u8, buffer) : name;
        if (name.IsEmpty || name.Length > PrincipalId.MaxLength || !PrincipalId.TryParse($"{_options.Name}:{name}", out var id))
        {
            return null;
        }

        var granted = default(Granted);
        var left = MaxRoles;
        AddRoles(new JsonTexts(claims["roles"u8]), spaced: false, ref left, ref granted);
        AddRoles(new JsonTexts(claims["scp"u8]), spaced: true, ref left, ref granted);
        AddRoles(new JsonTexts(claims["scope"u8]), spaced: true, ref left, ref granted);
        return new Principal
        {
            Id = id,
            CredentialKind = CredentialKind.Token,
            CredentialId = credentialId,
            Roles = granted.Roles,
            Models = granted.Models.IsDefault ? [] : granted.Models,
            Plan = granted.Plan,
        };
    }

    // Claims that only ID tokens carry say who logged in somewhere, not who may call here. An extension that must be understood is
    // not, and nothing here is compressed.
    private bool IsAccessToken(in JsonMembers header, in JsonMembers claims)
    {
        Span<char> buffer = stackalloc char[OnStack];
        var type = header.Text("typ"u8, buffer);
        var known = false;
        foreach (var accepted in _types)
        {
            known |= type.Equals(accepted, StringComparison.OrdinalIgnoreCase);
        }

        return known && (!header.Has("typ"u8) || !type.IsEmpty) && !header.Has("crit"u8) && !header.Has("zip"u8)
            && !claims.Has("nonce"u8) && !claims.Has("at_hash"u8) && !claims.Has("c_hash"u8);
    }

    private bool IsForUs(ReadOnlySpan<byte> audience)
    {
        var named = new JsonTexts(audience);
        while (named.Next())
        {
            foreach (var ours in _audiences)
            {
                if (named.Is(ours))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // A role claim is a list, or (scopes) one string with spaces between.
    private void AddRoles(JsonTexts claimed, bool spaced, ref int left, ref Granted granted)
    {
        Span<char> buffer = stackalloc char[OnStack];
        var grants = _grants.GetAlternateLookup<ReadOnlySpan<char>>();
        while (left > 0 && claimed.Next())
        {
            var text = claimed.Current(buffer);
            if (!spaced)
            {
                left--;
                granted.Add(grants.TryGetValue(text, out var grant) ? grant : null);
                continue;
            }

            foreach (var range in text.Split(' '))
            {
                var one = text[range];
                if (!one.IsEmpty && left-- > 0)
                {
                    granted.Add(grants.TryGetValue(one, out var grant) ? grant : null);
                }
            }
        }
    }

    // NumericDate (RFC 7519, section 2): seconds since 1970, in earnest always whole ones. A fraction is cut off.
    private static bool TryReadTime(ReadOnlySpan<byte> value, out DateTimeOffset time)
    {
        time = default;
        if (value.IsEmpty)
        {
            return false;
        }

        var reader = new Utf8JsonReader(value);
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var seconds) || seconds is not (> 0 and < LatestTime))
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        return true;
    }

    /// <summary>What one role grants, read once.</summary>
    private sealed class Grant(TokenGrantOptions options)
    {
        public Roles Roles { get; } =
            options.Roles.Aggregate(Roles.None, (all, name) => all | (RoleNames.TryParse(name, out var role) ? role : Roles.None));

        public ImmutableArray<string> Models { get; } = [.. options.Models.Distinct(StringComparer.Ordinal)];

        public string? Plan { get; } = options.Plan;
    }

    /// <summary>What several roles grant together; the first that names a plan decides about it.</summary>
    private struct Granted
    {
        public Roles Roles { get; private set; }

        public ImmutableArray<string> Models { get; private set; }

        public string? Plan { get; private set; }

        public void Add(Grant? grant)
        {
            if (grant is not null)
            {
                Roles |= grant.Roles;
                Models = Models.IsDefaultOrEmpty ? grant.Models : [.. Models.Union(grant.Models, StringComparer.Ordinal)];
                Plan ??= grant.Plan;
            }
        }
    }
}
