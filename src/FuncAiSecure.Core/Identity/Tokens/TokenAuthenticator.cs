using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using FuncAiSecure.Core.Identity.Throttling;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>
/// Decides about bearer tokens. A token seen valid costs a hash and a look-up until it ends; one seen forged likewise. A new one
/// passes the cheap checks before anything asymmetric is computed, and none of that once its source has failed too often.
/// </summary>
internal sealed class TokenAuthenticator(
    FrozenDictionary<string, TokenIssuer> issuers, CredentialFailures failures, TokensOptions options, TimeProvider time)
{
    private static readonly TimeSpan RememberForged = TimeSpan.FromMinutes(1);
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private readonly TwoGenerationCache<SeenToken> _valid = new(options.MaxCached);
    private readonly TwoGenerationCache<DateTimeOffset> _forged = new(options.MaxCached);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _revoked = new(StringComparer.Ordinal);

    /// <summary>Authenticates a token; synchronous where it was seen before.</summary>
    public ValueTask<AuthenticationResult> AuthenticateAsync(string text, IPAddress source, CancellationToken cancellationToken)
    {
        if (issuers.Count == 0 || !HasFormOfToken(text))
        {
            return new(failures.Refuse(source));
        }

        var digest = Digest256.Of(text);
        var now = time.GetUtcNow();
        if (_valid.TryGet(digest, out var seen) && now < seen!.Until)
        {
            return new(seen.Principal);
        }

        if (_forged.TryGet(digest, out var until) && now < until)
        {
            return new(failures.Refuse(source));
        }

        return failures.IsBlocked(source)
            ? new(IdentityRefusals.Throttled)
            : ValidateAsync(text, digest, source, now, cancellationToken);
    }

    /// <summary>Refuses a token from now on, on this instance, by the handle that the audit trail shows as its credential id.</summary>
    public void Revoke(string credentialId)
    {
        // Longer than any token that a sane issuer signs; what is older is forgotten.
        var now = time.GetUtcNow();
        foreach (var (id, forgetAt) in _revoked)
        {
            if (forgetAt <= now)
            {
                _revoked.TryRemove(id, out _);
            }
        }

        _revoked[credentialId] = now + TimeSpan.FromDays(2);
        _valid.RemoveWhere(seen => seen.Principal.CredentialId == credentialId);
    }

    private async ValueTask<AuthenticationResult> ValidateAsync(
        string text, Digest256 digest, IPAddress source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (TryParse(text) is not { } token || !issuers.TryGetValue(token.Issuer, out var issuer) || !issuer.IsPlausible(token, now))
        {
            return failures.Refuse(source);
        }

        var key = issuer.Keys.Find(token.Kid);
        if (key is null)
        {
            await issuer.Keys.RefreshAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            key = issuer.Keys.Find(token.Kid);
        }

        if (key is null)
        {
            return issuer.Keys.AreKnown ? failures.Refuse(source) : IdentityRefusals.Unavailable;
        }

        var credentialId = digest.ToHandle();
        if (!await issuer.VerifyAsync(token, key).ConfigureAwait(false)
            || _revoked.ContainsKey(credentialId)
            || issuer.ToPrincipal(token, credentialId) is not { } principal)
        {
            _forged.Set(digest, now + RememberForged);
            return failures.Refuse(source);
        }

        _valid.Set(digest, new SeenToken(principal, issuer.ValidUntil(token)));
        if (_revoked.ContainsKey(credentialId))
        {
            // Revoked while it was being checked.
            _valid.RemoveWhere(other => other.Principal.CredentialId == credentialId);
            return failures.Refuse(source);
        }

        return principal;
    }

    // Three parts of base64url: compact JWS and nothing else, so neither encrypted nor unsigned tokens go further.
    private bool HasFormOfToken(string text)
    {
        if (text.Length == 0 || text.Length > options.MaxLength || text.AsSpan().ContainsAnyExcept(TokenChars))
        {
            return false;
        }

        var first = text.IndexOf('.', StringComparison.Ordinal);
        var last = text.LastIndexOf('.');
        return first > 0 && last > first + 1 && last < text.Length - 1 && text.AsSpan(first + 1, last - first - 1).IndexOf('.') < 0;
    }

    private static JsonWebToken? TryParse(string text)
    {
        try
        {
            var token = new JsonWebToken(text);
            return string.IsNullOrEmpty(token.Issuer) ? null : token;
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException or FormatException)
        {
            return null;
        }
    }

    private sealed record SeenToken(Principal Principal, DateTimeOffset Until);
}
