using Azure;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Storage;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>
/// Makes, lists, rotates, revokes and checks API keys: the same rules for the command line and for /manage/keys. A key's text
/// is given once, and neither it nor what recognises it is ever shown again.
/// </summary>
public sealed class ApiKeyService
{
    /// <summary>How long both keys work after a rotation unless said otherwise.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);

    /// <summary>The longest overlap.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(30);

    private static readonly TimeSpan MaxRetirement = TimeSpan.FromDays(3_650);

    private readonly ApiKeyShelf _shelf;
    private readonly PepperKeeper _peppers;
    private readonly TimeProvider _time;
    private readonly ApiKeyCache? _cache;

    /// <summary>A service without a cache to keep in step, for the command line.</summary>
    public ApiKeyService(SecretClient client, TimeProvider time)
        : this(client, time, null)
    {
    }

    internal ApiKeyService(SecretClient client, TimeProvider time, ApiKeyCache? cache)
    {
        _shelf = new ApiKeyShelf(client);
        _peppers = new PepperKeeper(client, time);
        _time = time;
        _cache = cache;
    }

    /// <summary>Makes a key. The first one of a deployment also makes its pepper.</summary>
    public Task<ManagementOutcome<CreatedApiKey>> CreateAsync(
        ApiKeyRequest request, KeyActor actor, CancellationToken cancellationToken) => GuardAsync<CreatedApiKey>(async () =>
        {
            var now = _time.GetUtcNow();
            if (ApiKeyRequestCheck.Check(request, actor, now, out var roles) is { } refusal)
            {
                return refusal;
            }

            var pepper = await _peppers.GetForSigningAsync(cancellationToken).ConfigureAwait(false);
            var id = ApiKeyFormat.NewId();
            var key = ApiKeyFormat.Create(id, pepper, out var verifier);
            var record = new ApiKeyRecord
            {
                Format = 1,
                Id = id.ToString(),
                Verifier = Convert.ToBase64String(verifier),
                Pepper = pepper.Version,
                Principal = request.Principal,
                Name = request.Name,
                Roles = [.. RoleNames.Format(roles)],
                Models = request.Models,
                Networks = request.Networks,
                Plan = request.Plan,
                CreatedBy = actor.Name,
                CreatedAt = now,
            };
            await _shelf.PutAsync(id, record, request.NotBefore, request.Expires, cancellationToken).ConfigureAwait(false);
            _cache?.Forget(id);
            return new CreatedApiKey(id, key);
        }, cancellationToken);

    /// <summary>
    /// Replaces a key. The one before works on for the overlap; one before that, if its overlap still ran, ends now. The new
    /// key starts no earlier than the old one and lives as long as that was given. A key that is revoked meanwhile stays so. A rotation
    /// that was cut short, whose key nobody has, counts for none.
    /// </summary>
    public Task<ManagementOutcome<CreatedApiKey>> RotateAsync(
        ApiKeyId id, TimeSpan overlap, KeyActor actor, CancellationToken cancellationToken) => GuardAsync<CreatedApiKey>(async () =>
        {
            if (overlap < TimeSpan.Zero || overlap > MaxOverlap)
            {
                return new Refusal(RefusalCode.InputInvalid)
                {
                    Detail = "The overlap must be 0 to 30 days.",
                    Errors = [new InputError("/overlap_seconds", "must be 0 to 30 days")],
                };
            }

            if (await _shelf.GetAsync(id, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                return NotFound;
            }

            if (found.Record?.ToPrincipal() is not { } principal)
            {
                return Revoked;
            }

            if (ApiKeyRequestCheck.CheckGrant(principal.Roles, actor) is { } refusal)
            {
                return refusal;
            }

            var now = _time.GetUtcNow();
            var until = WholeSecond(now + overlap);
            var pepper = await _peppers.GetForSigningAsync(cancellationToken).ConfigureAwait(false);
            var key = ApiKeyFormat.Create(id, pepper, out var verifier);
            var replaced = await EndBeforeLastAsync(id, found.Properties, found.Record, now, cancellationToken).ConfigureAwait(false);
            var record = found.Record with
            {
                Verifier = Convert.ToBase64String(verifier),
                Pepper = pepper.Version,
                CreatedBy = actor.Name,
                CreatedAt = now,
                Previous = replaced.Version,
                PreviousUntil = until,
            };
            var starts = found.Properties.NotBefore > now ? found.Properties.NotBefore : null;
            var ends = found.Properties.ExpiresOn is { } last ? Later(now, last - found.Record.CreatedAt) : (DateTimeOffset?)null;
            await _shelf.PutAsync(id, record, starts, ends, cancellationToken).ConfigureAwait(false);
            _cache?.Forget(id);
            try
            {
                if (await _shelf.EndAsync(replaced, until, cancellationToken).ConfigureAwait(false))
                {
                    _cache?.Forget(id);
                    return new CreatedApiKey(id, key) { PreviousUntil = until };
                }
            }
            catch (Exception failure) when (ServiceFailure.Is(failure, cancellationToken))
            {
                return CutShort;
            }

            var (_, isDisabled) = await _shelf.DisableAsync(id, cancellationToken).ConfigureAwait(false);
            _cache?.Revoke(id);
            return isDisabled ? Revoked : StillEnabled;
        }, cancellationToken);

    /// <summary>Revokes a key in all its versions: refused here at once, by every other instance within its cache lifetime.</summary>
    public Task<ManagementOutcome<ApiKeySummary>> RevokeAsync(ApiKeyId id, CancellationToken cancellationToken) =>
        GuardAsync<ApiKeySummary>(async () =>
        {
            // Before the vault is asked as well, so that an emergency does not wait for an outage to end.
            _cache?.Revoke(id);
            var (key, isDisabled) = await _shelf.DisableAsync(id, cancellationToken).ConfigureAwait(false);
            _cache?.Revoke(id);
            return !isDisabled ? StillEnabled : key is null ? NotFound : key;
        }, cancellationToken);

    /// <summary>Every key, by id. Models and networks are read by <see cref="ShowAsync"/> only.</summary>
    public Task<ManagementOutcome<IReadOnlyList<ApiKeySummary>>> ListAsync(CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<ApiKeySummary>>(async () => await _shelf.ListAsync(cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <summary>One key in full, revoked or not.</summary>
    public Task<ManagementOutcome<ApiKeySummary>> ShowAsync(ApiKeyId id, CancellationToken cancellationToken) =>
        GuardAsync<ApiKeySummary>(
            async () => await _shelf.GetAsync(id, cancellationToken).ConfigureAwait(false) is { } found ? found.Summarize() : NotFound,
            cancellationToken);

    /// <summary>What the keys of a principal (or the key of an id) grant; revoked, unusable ones and those that are not valid now grant nothing and are left out.</summary>
    public Task<ManagementOutcome<IReadOnlyList<Principal>>> FindAsync(string principalOrId, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<Principal>>(async () =>
        {
            var now = _time.GetUtcNow();
            var found = new List<Principal>();
            var keys = (await _shelf.ListAsync(cancellationToken).ConfigureAwait(false))
                .Where(key => key.Principal == principalOrId || key.Id.ToString() == principalOrId).ToList();
            foreach (var key in keys)
            {
                if (key.Enabled && !(key.NotBefore > now) && !(key.Expires <= now)
                    && (await _shelf.GetAsync(key.Id, cancellationToken).ConfigureAwait(false))?.Record?.ToPrincipal() is { } principal)
                {
                    found.Add(principal);
                }
            }

            return found.Count > 0 ? found : keys.Count > 0 ? NotValidNow : NotFound;
        }, cancellationToken);

    /// <summary>
    /// Makes a new pepper; see docs/keys.md. The keys under older ones stop <paramref name="retireAfter"/> after it signs, if given: 0 to 3,650 days.
    /// </summary>
    public Task<ManagementOutcome<PepperRotation>> RotatePepperAsync(TimeSpan? retireAfter, CancellationToken cancellationToken) =>
        GuardAsync<PepperRotation>(
            async () => retireAfter < TimeSpan.Zero || retireAfter > MaxRetirement
                ? new Refusal(RefusalCode.InputInvalid) { Detail = "Older peppers retire after 0 to 3650 days." }
                : await _peppers.RotateAsync(retireAfter, cancellationToken).ConfigureAwait(false),
            cancellationToken);

    /// <summary>Ends what an overlap still runs for. Returns the version that a new one replaces: the newest that somebody can have.</summary>
    private async Task<SecretProperties> EndBeforeLastAsync(
        ApiKeyId id, SecretProperties newest, ApiKeyRecord record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!(record.PreviousUntil > now))
        {
            return newest;
        }

        if (await _shelf.FindNotEndedAsync(id, record, cancellationToken).ConfigureAwait(false) is { } inUse)
        {
            return inUse;
        }

        // Instances that know the version before this one ask about it by its own name.
        var end = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        await _shelf.EndOlderAsync(id, newest.Version, end, cancellationToken).ConfigureAwait(false);
        return newest;
    }

    private static Refusal NotFound { get; } = new(RefusalCode.NotFound) { Detail = "There is no such key." };

    private static Refusal NotValidNow { get; } = new(RefusalCode.NotFound)
    {
        Detail = "There is a key, and none that is valid now: it is revoked, has expired, or does not begin yet.",
    };

    private static Refusal Revoked { get; } = new(RefusalCode.Conflict) { Detail = "The key is revoked." };

    private static Refusal CutShort { get; } = new(RefusalCode.DependencyUnavailable)
    {
        Detail = "The vault did not answer in the middle of the rotation. The new key is nobody's, the one before works on: rotate again.",
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private static Refusal StillEnabled { get; } = new(RefusalCode.DependencyUnavailable)
    {
        Detail = "The vault still shows versions of the key that are enabled. Revoke it again.",
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private static DateTimeOffset Later(DateTimeOffset now, TimeSpan life) =>
        life < DateTimeOffset.MaxValue - now ? now + life : DateTimeOffset.MaxValue;

    private static DateTimeOffset WholeSecond(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds((time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);

    private static async Task<ManagementOutcome<T>> GuardAsync<T>(Func<Task<ManagementOutcome<T>>> work, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (RequestFailedException conflict) when (conflict.Status == 409)
        {
            return new Refusal(RefusalCode.Conflict) { Detail = "The vault holds a deleted secret of this name." };
        }
        catch (RequestFailedException refused) when (refused.Status is 401 or 403)
        {
            return new Refusal(RefusalCode.DependencyUnavailable)
            {
                Detail = "The vault refuses this identity. Managing keys takes the permission to get, list and set its secrets.",
                RetryAfter = TimeSpan.FromSeconds(5),
            };
        }
        catch (InvalidDataException unfit)
        {
            return new Refusal(RefusalCode.DependencyUnavailable) { Detail = unfit.Message };
        }
        catch (Exception failure) when (ServiceFailure.Is(failure, cancellationToken))
        {
            return new Refusal(RefusalCode.DependencyUnavailable)
            {
                Detail = "The vault did not answer.",
                RetryAfter = TimeSpan.FromSeconds(5),
            };
        }
    }
}
