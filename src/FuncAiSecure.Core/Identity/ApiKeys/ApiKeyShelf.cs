using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>Key records in the vault as management sees them: revoked ones too, and what may be shown also as tags.</summary>
internal sealed class ApiKeyShelf(SecretClient client)
{
    private const string IdTag = "id";
    private const string PrincipalTag = "principal";
    private const string NameTag = "name";
    private const string RolesTag = "roles";
    private const string PlanTag = "plan";
    private const string PepperTag = "pepper";

    // Each one more takes a rotation in between, or a vault that does not show yet what it was told.
    private const int MaxDisableRounds = 10;

    /// <summary>Writes a version of a key.</summary>
    public Task PutAsync(
        ApiKeyId id, ApiKeyRecord record, DateTimeOffset? notBefore, DateTimeOffset? expires, CancellationToken cancellationToken)
    {
        var secret = new KeyVaultSecret(id.SecretName, record.ToJson())
        {
            Properties = { ContentType = ApiKeyRecord.ContentType, NotBefore = notBefore, ExpiresOn = expires },
        };
        secret.Properties.Tags[IdTag] = record.Id;
        secret.Properties.Tags[PrincipalTag] = record.Principal;
        secret.Properties.Tags[NameTag] = record.Name;
        secret.Properties.Tags[RolesTag] = string.Join(' ', record.Roles);
        secret.Properties.Tags[PepperTag] = record.Pepper;
        if (record.Plan is not null)
        {
            secret.Properties.Tags[PlanTag] = record.Plan;
        }

        return client.SetSecretAsync(secret, cancellationToken);
    }

    /// <summary>The latest version of a key: without its record if it is revoked, null if there is none.</summary>
    public async Task<ShelvedApiKey?> GetAsync(ApiKeyId id, CancellationToken cancellationToken)
    {
        try
        {
            KeyVaultSecret secret = await client.GetSecretAsync(id.SecretName, null, cancellationToken).ConfigureAwait(false);
            return IsOf(id, secret.Properties) ? new ShelvedApiKey(id, secret.Properties, ApiKeyRecord.Parse(secret.Value, id)) : null;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException refused) when (refused.Status == 403)
        {
            var versions = await VersionsAsync(id, cancellationToken).ConfigureAwait(false);
            if (versions.Count > 0 && versions[0].Enabled == false)
            {
                return IsOf(id, versions[0]) ? new ShelvedApiKey(id, versions[0], null) : null;
            }

            throw;
        }
    }

    /// <summary>Lets a version end at an instant, if it does not end before.</summary>
    /// <returns>Is it enabled? False if it was revoked since it was read.</returns>
    public async Task<bool> EndAsync(SecretProperties version, DateTimeOffset until, CancellationToken cancellationToken)
    {
        version.ExpiresOn = version.ExpiresOn < until ? version.ExpiresOn : until;

        // Says nothing about it: as it was read, it would undo a revocation that came in between.
        version.Enabled = null;
        SecretProperties updated = await client.UpdateSecretPropertiesAsync(version, cancellationToken).ConfigureAwait(false);
        return updated.Enabled != false;
    }

    /// <summary>The version that a record replaced, where it was never told when it ends: the rotation was cut short, and its key given to nobody.</summary>
    public async Task<SecretProperties?> FindNotEndedAsync(ApiKeyId id, ApiKeyRecord record, CancellationToken cancellationToken) =>
        (await VersionsAsync(id, cancellationToken).ConfigureAwait(false)).Find(version =>
            version.Version == record.Previous && version.Enabled != false && !(version.ExpiresOn <= record.PreviousUntil));

    /// <summary>Lets every version but the latest end at an instant.</summary>
    public async Task EndOlderAsync(ApiKeyId id, string latest, DateTimeOffset until, CancellationToken cancellationToken)
    {
        foreach (var version in await VersionsAsync(id, cancellationToken).ConfigureAwait(false))
        {
            if (version.Version != latest && !(version.ExpiresOn <= until))
            {
                await EndAsync(version, until, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Disables every version, the latest first because it decides.</summary>
    /// <returns>The key, null if there is none; and whether the vault then showed every version disabled.</returns>
    public async Task<(ApiKeySummary? Key, bool IsDisabled)> DisableAsync(ApiKeyId id, CancellationToken cancellationToken)
    {
        var versions = await VersionsAsync(id, cancellationToken).ConfigureAwait(false);
        if (versions.Count > 0 && !IsOf(id, versions[0]))
        {
            return (null, true);
        }

        for (var round = 0; versions.Exists(version => version.Enabled != false); round++)
        {
            if (round == MaxDisableRounds)
            {
                return (Summarize(id, versions[0]), false);
            }

            foreach (var version in versions.Where(version => version.Enabled != false))
            {
                version.Enabled = false;
                await client.UpdateSecretPropertiesAsync(version, cancellationToken).ConfigureAwait(false);
            }

            // A rotation may have made another version meanwhile. What it makes later it takes back, because it finds these disabled.
            versions = await VersionsAsync(id, cancellationToken).ConfigureAwait(false);
        }

        return (versions.Count == 0 ? null : Summarize(id, versions[0]), true);
    }

    /// <summary>Every key from names and tags, without reading a single value.</summary>
    public async Task<List<ApiKeySummary>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = new List<ApiKeySummary>();
        await foreach (var secret in client.GetPropertiesOfSecretsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (secret.Name.StartsWith(ApiKeyRecord.SecretNamePrefix, StringComparison.OrdinalIgnoreCase)
                && ApiKeyId.TryParse(secret.Name.AsSpan(ApiKeyRecord.SecretNamePrefix.Length), out var id))
            {
                keys.Add(Summarize(id, secret));
            }
        }

        return keys;
    }

    internal static ApiKeySummary Summarize(ApiKeyId id, SecretProperties properties) => new()
    {
        Id = id,
        Principal = Tag(properties, PrincipalTag) ?? "",
        Name = Tag(properties, NameTag) ?? "",
        Roles = [.. (Tag(properties, RolesTag) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        Plan = Tag(properties, PlanTag),
        Pepper = Tag(properties, PepperTag),
        Enabled = properties.Enabled != false,
        Revoked = properties.Enabled == false ? properties.UpdatedOn : null,
        Created = properties.CreatedOn,
        NotBefore = properties.NotBefore,
        Expires = properties.ExpiresOn,
    };

    private async Task<List<SecretProperties>> VersionsAsync(ApiKeyId id, CancellationToken cancellationToken)
    {
        var versions = new List<SecretProperties>();
        try
        {
            await foreach (var version in client.GetPropertiesOfSecretVersionsAsync(id.SecretName, cancellationToken).ConfigureAwait(false))
            {
                versions.Add(version);
            }
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return [];
        }

        return [.. versions.OrderByDescending(version => version.CreatedOn)];
    }

    // The vault's names do not tell case apart: an id in another spelling finds this secret too, and is no key's. The value cannot be
    // asked, because a revoked key shows none. A secret without the tag is taken for what was asked for, so that it can be revoked.
    private static bool IsOf(ApiKeyId id, SecretProperties properties) => Tag(properties, IdTag) is not { } spelled || spelled == id.ToString();

    private static string? Tag(SecretProperties properties, string name) =>
        properties.Tags.TryGetValue(name, out var value) ? value : null;
}

/// <summary>A key as found in the vault; the record is null if it is revoked or unusable.</summary>
internal sealed record ShelvedApiKey(ApiKeyId Id, SecretProperties Properties, ApiKeyRecord? Record)
{
    /// <summary>What may be shown of it.</summary>
    public ApiKeySummary Summarize()
    {
        var summary = ApiKeyShelf.Summarize(Id, Properties);
        return Record is null ? summary : summary with
        {
            Models = Record.Models,
            Networks = Record.Networks,
            CreatedBy = Record.CreatedBy,
            PreviousUntil = Record.PreviousUntil,
        };
    }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"API key {Id}";
}
