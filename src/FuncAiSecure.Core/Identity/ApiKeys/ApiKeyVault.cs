using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>Reads key records and peppers from the vault, and turns its failures into "no answer" (null).</summary>
internal sealed partial class ApiKeyVault(
    SecretClient client, VaultAvailability availability, IdentityCounters counters, TimeProvider time, ILogger<ApiKeyVault> logger)
{
    /// <summary>Is the vault known not to answer?</summary>
    public bool IsFailing => availability.IsFailing;

    /// <summary>Reads one version of a key, in one call. Null if the vault could not be asked.</summary>
    /// <param name="id">The key.</param>
    /// <param name="before">The version that the latest one replaced, or null for the latest.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ApiKeyAnswer?> ReadKeyAsync(ApiKeyId id, RotatedVersion? before, CancellationToken cancellationToken) =>
        GuardAsync(() => ReadVersionAsync(id, before, cancellationToken), cancellationToken);

    /// <summary>Reads every usable version of the pepper, the latest first. Null if the vault could not be asked.</summary>
    public Task<PepperRing?> ReadPeppersAsync(CancellationToken cancellationToken) =>
        GuardAsync(() => ReadRingAsync(cancellationToken), cancellationToken);

    private async Task<ApiKeyAnswer> ReadVersionAsync(ApiKeyId id, RotatedVersion? before, CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        if (await ReadSecretAsync(id.SecretName, before?.Id, cancellationToken).ConfigureAwait(false) is not { } secret)
        {
            return ApiKeyAnswer.Nothing(askedAt);
        }

        if (ApiKeyRecord.Parse(secret.Value, id) is not { } record || ToVersion(record, secret.Properties) is not { } version)
        {
            Log.RecordUnusable(logger, id);
            return ApiKeyAnswer.Nothing(askedAt);
        }

        return before is not null ? new ApiKeyAnswer(version.Until(before.Until), null, askedAt)
            : record is { Previous: { } previous, PreviousUntil: { } until } && until > time.GetUtcNow()
                ? new ApiKeyAnswer(version, new RotatedVersion(previous, until), askedAt)
                : new ApiKeyAnswer(version, null, askedAt);
    }

    private static ApiKeyVersion? ToVersion(ApiKeyRecord record, SecretProperties properties) =>
        record.TryGetVerifier(out var verifier) && record.ToPrincipal() is { } principal
            ? new ApiKeyVersion(properties.Version, principal, verifier, properties.NotBefore, properties.ExpiresOn)
            : null;

    private async Task<PepperRing> ReadRingAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var versions = new List<SecretProperties>();
        try
        {
            var all = client.GetPropertiesOfSecretVersionsAsync(Pepper.SecretName, cancellationToken);
            await foreach (var version in all.ConfigureAwait(false))
            {
                if (version.Enabled != false && !(version.ExpiresOn <= now))
                {
                    versions.Add(version);
                }
            }
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            // None: the service lists nothing then, and is not relied on for it.
        }

        counters.CountVaultCall(answered: true);
        if (versions.Count == 0)
        {
            Log.PepperMissing(logger);
        }

        var peppers = ImmutableArray.CreateBuilder<Pepper>();
        foreach (var version in versions.OrderByDescending(version => version.NotBefore ?? version.CreatedOn))
        {
            if (await ReadSecretAsync(Pepper.SecretName, version.Version, cancellationToken).ConfigureAwait(false) is { } secret
                && PepperText.Parse(secret) is { } pepper)
            {
                peppers.Add(pepper);
            }
        }

        return new PepperRing(peppers.ToImmutable());
    }

    /// <summary>Null if there is no such secret, or it is disabled.</summary>
    private async Task<KeyVaultSecret?> ReadSecretAsync(string name, string? version, CancellationToken cancellationToken)
    {
        try
        {
            KeyVaultSecret secret = await client.GetSecretAsync(name, version, cancellationToken).ConfigureAwait(false);
            counters.CountVaultCall(answered: true);
            return secret;
        }
        catch (RequestFailedException refused) when (refused.Status == 404 || (refused.Status == 403 && SaysDisabled(refused)))
        {
            counters.CountVaultCall(answered: true);
            return null;
        }
    }

    private async Task<T?> GuardAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        if (!availability.TryEnter())
        {
            return null;
        }

        try
        {
            var answer = await read().ConfigureAwait(false);
            availability.Succeeded();
            return answer;
        }
        catch (RequestFailedException failure)
        {
            availability.Failed(RetryAfter(failure));
            counters.CountVaultCall(answered: false);
            Log.VaultFailed(logger, failure.Status, failure.ErrorCode);
            return null;
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException || ServiceFailure.Is(failure, cancellationToken))
        {
            availability.Failed(null);
            counters.CountVaultCall(answered: false);
            Log.VaultFailed(logger, 0, failure.GetType().Name);
            return null;
        }
    }

    // The service tells a disabled secret from a missing permission only by the inner error.
    private static bool SaysDisabled(RequestFailedException failure)
    {
        try
        {
            using var body = JsonDocument.Parse(failure.GetRawResponse()?.Content.ToMemory() ?? default);
            return body.RootElement.GetProperty("error").TryGetProperty("innererror", out var inner)
                && inner.GetProperty("code").ValueEquals("SecretDisabled"u8);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static TimeSpan? RetryAfter(RequestFailedException failure) =>
        failure.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var text) == true
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, 3600))
            : null;

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "The vault did not answer (status {Status}, {ErrorCode})")]
        public static partial void VaultFailed(ILogger logger, int status, string? errorCode);

        [LoggerMessage(1002, LogLevel.Warning, "The record of API key {KeyId} is unusable; the key is refused")]
        public static partial void RecordUnusable(ILogger logger, ApiKeyId keyId);

        [LoggerMessage(1003, LogLevel.Warning, "The vault holds no pepper: no API key can be checked until one is created")]
        public static partial void PepperMissing(ILogger logger);
    }
}
