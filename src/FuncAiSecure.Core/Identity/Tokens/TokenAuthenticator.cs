using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using FuncAiSecure.Core.Identity.Throttling;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>
/// Decides about bearer tokens. A token seen valid costs a hash and a look-up until it ends; one seen forged likewise. A new one
/// passes the cheap checks before anything asymmetric is computed, and none of that once its source has failed too often.
/// </summary>
internal sealed class TokenAuthenticator(
    FrozenDictionary<string, TokenIssuer> issuers, CredentialFailures failures, IdentityCounters counters, TokensOptions options, TimeProvider time)
{
    private static readonly TimeSpan RememberForged = TimeSpan.FromMinutes(1);

    private readonly TwoGenerationCache<SeenToken> _valid = new(options.MaxCached);
    private readonly TwoGenerationCache<DateTimeOffset> _forged = new(options.MaxCached);

    /// <summary>Authenticates a token; synchronous where it was seen before.</summary>
    public ValueTask<AuthenticationResult> AuthenticateAsync(string text, IPAddress source, CancellationToken cancellationToken)
    {
        if (issuers.Count == 0 || text.Length > options.MaxLength || !CompactToken.HasForm(text))
        {
            counters.Count(CredentialKind.Token, CacheOutcome.Refused);
            return new(failures.Refuse(source));
        }

        var digest = Digest256.Of(text);
        var now = time.GetUtcNow();
        if (_valid.TryGet(digest, out var seen) && now < seen!.Until)
        {
            counters.Count(CredentialKind.Token, CacheOutcome.Hit);
            return new(seen.Principal);
        }

        if (_forged.TryGet(digest, out var until) && now < until)
        {
            counters.Count(CredentialKind.Token, CacheOutcome.Refused);
            return new(failures.Refuse(source));
        }

        if (failures.IsBlocked(source))
        {
            counters.Count(CredentialKind.Token, CacheOutcome.Refused);
            return new(IdentityRefusals.Throttled);
        }

        counters.Count(CredentialKind.Token, CacheOutcome.Miss);
        return Judge(text, digest, source, now, out var keys) is { } answer ? new(answer)
            : new(ReadKeysAndJudgeAsync(text, digest, source, keys!, cancellationToken));
    }

    private async Task<AuthenticationResult> ReadKeysAndJudgeAsync(
        string text, Digest256 digest, IPAddress source, IssuerKeys keys, CancellationToken cancellationToken)
    {
        await keys.RefreshAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return Judge(text, digest, source, time.GetUtcNow(), out _)
            ?? (keys.AreKnown ? failures.Refuse(source) : IdentityRefusals.Unavailable);
    }

    // Null: the key that the token names is not among the issuer's known ones, which are given out.
    private AuthenticationResult? Judge(string text, in Digest256 digest, IPAddress source, DateTimeOffset now, out IssuerKeys? keys)
    {
        keys = null;
        var length = CompactToken.BufferFor(text);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return CompactToken.TryRead(text, buffer, out var token) ? Judge(token, digest, source, now, out keys) : failures.Refuse(source);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return failures.Refuse(source);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private AuthenticationResult? Judge(in CompactToken token, in Digest256 digest, IPAddress source, DateTimeOffset now, out IssuerKeys? keys)
    {
        keys = null;
        Span<JsonMembers.Member> headerPlaces = stackalloc JsonMembers.Member[JsonMembers.Max];
        Span<JsonMembers.Member> claimPlaces = stackalloc JsonMembers.Member[JsonMembers.Max];
        Span<char> buffer = stackalloc char[256];
        if (!JsonMembers.TryRead(token.Header, headerPlaces, out var header)
            || SignatureAlgorithm.Find(header.Text("alg"u8, buffer)) is not { } algorithm
            || !header.Has("kid"u8)
            || !JsonMembers.TryRead(token.Payload, claimPlaces, out var claims)
            || !issuers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(claims.Text("iss"u8, buffer), out var issuer)
            || !issuer.IsPlausible(header, claims, algorithm, now, out var until)
            || header.Text("kid"u8, buffer) is not { IsEmpty: false } kid)
        {
            return failures.Refuse(source);
        }

        if (issuer.Keys.Find(kid) is not { } key)
        {
            keys = issuer.Keys;
            return null;
        }

        // The handle names what is signed and not how the signature is spelled: an ECDSA signature has a second form that is as
        // valid, and the audit trail knows it by the same name.
        Span<byte> hash = stackalloc byte[SignatureAlgorithm.MaxHash];
        var signed = algorithm.HashOf(token.Signed, hash);
        var credentialId = (algorithm.Hash == HashAlgorithmName.SHA256 ? Digest256.From(signed) : Digest256.Of(token.Signed)).ToHandle();
        if (!key.Verifies(algorithm, signed, token.Signature)
            || issuer.ToPrincipal(claims, credentialId) is not { } principal)
        {
            _forged.Set(digest, now + RememberForged);
            return failures.Refuse(source);
        }

        _valid.Set(digest, new SeenToken(principal, until));
        return principal;
    }

    private sealed record SeenToken(Principal Principal, DateTimeOffset Until);
}
