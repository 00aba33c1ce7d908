using System.Net;
using System.Security.Cryptography;
using FuncAiSecure.Core.Identity.Throttling;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>
/// Decides about API keys. The order is the defence: spelling and checksum, then the issuer's tag, and only a key that this
/// deployment issued is looked up; forged ones end within microseconds and never reach the vault.
/// </summary>
internal sealed class ApiKeyAuthenticator(
    ApiKeyVault vault, PepperSource peppers, ApiKeyCache cache, CredentialFailures failures, IdentityOptions options, TimeProvider time)
{
    private readonly TimeSpan _refreshAfter = options.CacheLifetime * options.RefreshAfter;

    /// <summary>Authenticates a key; synchronous and without allocation where the answer is known.</summary>
    public ValueTask<AuthenticationResult> AuthenticateAsync(string text, IPAddress source, CancellationToken cancellationToken) =>
        peppers.Current is { } ring
            ? AuthenticateAsync(text, ring, source, cancellationToken)
            : LoadPeppersAsync(text, source, cancellationToken);

    private ValueTask<AuthenticationResult> AuthenticateAsync(
        string text, PepperRing ring, IPAddress source, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!TryRecognise(text, ring, now, out var id, out var mac))
        {
            return new(failures.Refuse(source));
        }

        if (cache.Find(id) is { Snapshot: { } snapshot } entry)
        {
            var age = time.GetElapsedTime(snapshot.AskedAt);
            if (age < options.CacheLifetime && snapshot.Match(mac, now) is { } principal)
            {
                if (age >= _refreshAfter)
                {
                    _ = entry.AskAsync(vault, time);
                }

                return new(principal);
            }
        }

        return new(LookUpAsync(id, mac, source, cancellationToken));
    }

    private static bool TryRecognise(string text, PepperRing ring, DateTimeOffset now, out ApiKeyId id, out Mac256 mac)
    {
        Span<byte> message = stackalloc byte[ApiKeyFormat.MessageLength];
        Span<byte> tag = stackalloc byte[ApiKeyFormat.TagLength];
        mac = default;
        var issuedHere = ApiKeyFormat.TryParse(text, out id, message, tag) && ring.TryVerify(message, tag, now, out mac);
        CryptographicOperations.ZeroMemory(message);
        return issuedHere;
    }

    private async ValueTask<AuthenticationResult> LoadPeppersAsync(string text, IPAddress source, CancellationToken cancellationToken)
    {
        Span<byte> message = stackalloc byte[ApiKeyFormat.MessageLength];
        Span<byte> tag = stackalloc byte[ApiKeyFormat.TagLength];
        var wellFormed = ApiKeyFormat.TryParse(text, out _, message, tag);
        CryptographicOperations.ZeroMemory(message);
        if (!wellFormed)
        {
            return failures.Refuse(source);
        }

        var ring = await peppers.RefreshAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return ring is null
            ? IdentityRefusals.Unavailable
            : await AuthenticateAsync(text, ring, source, cancellationToken).ConfigureAwait(false);
    }

    // The key was issued here, but what is known about it does not answer: absent, lapsed, or of another version.
    private async Task<AuthenticationResult> LookUpAsync(ApiKeyId id, Mac256 mac, IPAddress source, CancellationToken cancellationToken)
    {
        var entry = cache.GetOrAdd(id);
        var known = entry.Snapshot;
        var isKnown = known?.Recognises(mac) == true;
        if (!isKnown && failures.IsBlocked(id))
        {
            return IdentityRefusals.Throttled;
        }

        if (known is not null && IsSettled(known, mac))
        {
            return failures.Refuse(source, id);
        }

        if (isKnown && vault.IsFailing && IsServable(known!))
        {
            _ = entry.AskAsync(vault, time);
            return Decide(known!, mac, source, id);
        }

        var answer = await AskAsync(entry, known, cancellationToken).ConfigureAwait(false);
        if (answer is not null)
        {
            return Decide(answer, mac, source, id);
        }

        return isKnown && IsServable(known!) ? Decide(known!, mac, source, id) : IdentityRefusals.Unavailable;
    }

    // A fresh "no": unknown or revoked, or this very version outside its time. Another version may have been made elsewhere.
    private bool IsSettled(ApiKeySnapshot known, in Mac256 mac) =>
        time.GetElapsedTime(known.AskedAt) < options.CacheLifetime && (known.Versions.IsEmpty || known.Recognises(mac));

    private bool IsServable(ApiKeySnapshot known) => time.GetElapsedTime(known.AskedAt) < options.MaxStale;

    private async Task<ApiKeySnapshot?> AskAsync(ApiKeyEntry entry, ApiKeySnapshot? known, CancellationToken cancellationToken)
    {
        var pause = entry.UntilNextQuestion(time);
        if (pause > TimeSpan.Zero)
        {
            if (entry.Snapshot is { } newer && !ReferenceEquals(newer, known))
            {
                return newer;
            }

            if (known is not null && !vault.IsFailing)
            {
                // A key rotated elsewhere within the second since the last question: both must work, so wait for the next one.
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }

        return await entry.AskAsync(vault, time).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private AuthenticationResult Decide(ApiKeySnapshot snapshot, in Mac256 mac, IPAddress source, ApiKeyId id) =>
        snapshot.Match(mac, time.GetUtcNow()) is { } principal ? principal : failures.Refuse(source, id);
}
