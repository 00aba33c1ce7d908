using System.Net;
using System.Security.Cryptography;
using FuncAiSecure.Core.Identity.Throttling;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>
/// Decides about API keys. The order is the defence: spelling and checksum, then the issuer's tag, and only a key that this
/// deployment issued is looked up; forged ones end within microseconds and never reach the vault.
/// </summary>
internal sealed class ApiKeyAuthenticator(
    ApiKeyVault vault, PepperSource peppers, ApiKeyCache cache, CredentialFailures failures,
    IdentityCounters counters, IdentityOptions options, TimeProvider time)
{
    // A question under way about the other version, one about the latest, one about the one before.
    private const int MostQuestions = 3;

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
        if (!TryRecognise(text, ring, now, out var isSpelled, out var id, out var mac))
        {
            if (isSpelled && peppers.MayLack)
            {
                return LoadPeppersAsync(text, source, cancellationToken);
            }

            counters.Count(CredentialKind.ApiKey, CacheOutcome.Refused);
            return new(failures.Refuse(source));
        }

        if (cache.Find(id) is { Snapshot: { } snapshot } entry && snapshot.Find(mac) is { Version: { } version } answer && version.IsValidAt(now))
        {
            var age = time.GetElapsedTime(answer.AskedAt);
            if (age < options.CacheLifetime)
            {
                if (age >= _refreshAfter)
                {
                    entry.Refresh(vault, time);
                }

                counters.Count(CredentialKind.ApiKey, CacheOutcome.Hit);
                return new(version.Principal);
            }
        }

        counters.Count(CredentialKind.ApiKey, CacheOutcome.Miss);
        return new(LookUpAsync(id, mac, source, cancellationToken));
    }

    private static bool TryRecognise(string text, PepperRing ring, DateTimeOffset now, out bool isSpelled, out ApiKeyId id, out Mac256 mac)
    {
        Span<byte> message = stackalloc byte[ApiKeyFormat.MessageLength];
        Span<byte> tag = stackalloc byte[ApiKeyFormat.TagLength];
        mac = default;
        isSpelled = ApiKeyFormat.TryParse(text, out id, message, tag);
        var issuedHere = isSpelled && ring.TryVerify(message, tag, now, out mac);
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
            counters.Count(CredentialKind.ApiKey, CacheOutcome.Refused);
            return failures.Refuse(source);
        }

        // Read just now, or not at all: a key is never refused by peppers that may lack its own.
        var ring = await peppers.RefreshAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return ring is null || peppers.MayLack
            ? IdentityRefusals.Unavailable
            : await AuthenticateAsync(text, ring, source, cancellationToken).ConfigureAwait(false);
    }

    // The key was issued here, but what is known about it does not answer: absent, lapsed, or of another version.
    private async Task<AuthenticationResult> LookUpAsync(ApiKeyId id, Mac256 mac, IPAddress source, CancellationToken cancellationToken)
    {
        var entry = cache.GetOrAdd(id);
        var mine = entry.Snapshot?.Find(mac);
        if (mine is null && failures.IsBlocked(id))
        {
            return IdentityRefusals.Throttled;
        }

        if (entry.Snapshot is { } known && IsSettled(known, mine))
        {
            return failures.Refuse(source, id);
        }

        if (mine is not null && vault.IsFailing && IsServable(mine))
        {
            entry.Refresh(vault, time);
            return Decide(mine, source, id);
        }

        if (await AskAsync(entry, mac, cancellationToken).ConfigureAwait(false) is { } answer)
        {
            return Decide(answer.Find(mac), source, id);
        }

        return mine is not null && IsServable(mine) ? Decide(mine, source, id) : IdentityRefusals.Unavailable;
    }

    // A fresh "no": unknown or revoked, or this very version outside its time. Another version may have been made elsewhere.
    private bool IsSettled(ApiKeySnapshot known, ApiKeyAnswer? mine) =>
        mine is not null ? IsFresh(mine) : known.Current.Version is null && IsFresh(known.Current);

    private bool IsFresh(ApiKeyAnswer answer) => time.GetElapsedTime(answer.AskedAt) < options.CacheLifetime;

    private bool IsServable(ApiKeyAnswer answer) => time.GetElapsedTime(answer.AskedAt) < options.MaxStale;

    // One question a second until what is known decides about this key; null if the vault does not answer.
    private async Task<ApiKeySnapshot?> AskAsync(ApiKeyEntry entry, Mac256 mac, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var asked = 0; asked < MostQuestions;)
        {
            var known = entry.Snapshot;
            if (Decides(known, mac, began, out var aboutPrevious))
            {
                return known;
            }

            var pause = entry.UntilNextQuestion(time);
            if (pause > TimeSpan.Zero)
            {
                if (vault.IsFailing)
                {
                    return null;
                }

                // Both keys of a rotation must work, so wait for the next question. Timers may end a few milliseconds early, and
                // know no part of one: look again.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(pause.TotalMilliseconds)), time, cancellationToken).ConfigureAwait(false);
                continue;
            }

            asked++;
            if (!await entry.AskAsync(vault, time, aboutPrevious).WaitAsync(cancellationToken).ConfigureAwait(false)
                && ReferenceEquals(entry.Snapshot, known))
            {
                return null;
            }
        }

        return Decides(entry.Snapshot, mac, began, out _) ? entry.Snapshot : null;
    }

    // Is what is known enough to say yes or no to this key, and if not, which version must be asked about?
    private bool Decides(ApiKeySnapshot? known, in Mac256 mac, long began, out bool aboutPrevious)
    {
        aboutPrevious = false;
        if (known is null)
        {
            return false;
        }

        if (known.Find(mac) is { } mine)
        {
            aboutPrevious = !ReferenceEquals(mine, known.Current);
            return mine.AskedAt >= began || IsFresh(mine);
        }

        // Nobody's yet: the one before may be it, and if not, a version made elsewhere since the last question.
        aboutPrevious = known.Current.Before is not null && IsFresh(known.Current)
            && (known.Previous is null || (known.Previous.Version is null && !IsFresh(known.Previous)));
        return !aboutPrevious && known.Current.AskedAt >= began;
    }

    private AuthenticationResult Decide(ApiKeyAnswer? answer, IPAddress source, ApiKeyId id) =>
        answer?.Version is { } version && version.IsValidAt(time.GetUtcNow()) ? version.Principal : failures.Refuse(source, id);
}
