using System.Diagnostics.CodeAnalysis;

namespace FuncAiSecure.LocalVault.Storage;

/// <summary>The vault's rules: versions, soft delete, recovery and purge. Names are compared without case, as the service does.</summary>
internal sealed class VaultStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StoredSecret> _secrets = new(StringComparer.OrdinalIgnoreCase);
    private readonly SecretFile _file;
    private readonly TimeProvider _time;

    public VaultStore(SecretFile file, TimeProvider time)
    {
        _file = file;
        _time = time;
        foreach (var secret in file.Read())
        {
            _secrets.Add(secret.Name, secret);
        }
    }

    /// <summary>Adds a version; null if a deleted secret of that name must first be recovered or purged.</summary>
    public SecretVersion? Set(string name, SecretChange change)
    {
        lock (_lock)
        {
            var secret = _secrets.GetValueOrDefault(name) ?? new StoredSecret { Name = name };
            if (secret.DeletedAt is not null)
            {
                return null;
            }

            var now = Now();
            var version = new SecretVersion
            {
                Version = Guid.NewGuid().ToString("N"),
                Value = change.Value!,
                ContentType = change.ContentType,
                Tags = change.Tags,
                Enabled = change.Enabled ?? true,
                NotBefore = change.NotBefore,
                Expires = change.Expires,
                Created = now,
                Updated = now,
            };
            Keep(secret with { Versions = [.. secret.Versions, version] });
            return version;
        }
    }

    /// <summary>Reads a version, the latest if none is named.</summary>
    public bool TryGet(string name, string? version, [NotNullWhen(true)] out SecretVersion? found)
    {
        lock (_lock)
        {
            found = Find(name, version, deleted: false, out _);
            return found is not null;
        }
    }

    /// <summary>Changes attributes, tags or content type of one version; null if there is none.</summary>
    public SecretVersion? Update(string name, string version, SecretChange change)
    {
        lock (_lock)
        {
            if (Find(name, version, deleted: false, out var secret) is not { } old)
            {
                return null;
            }

            var changed = old with
            {
                ContentType = change.ContentType ?? old.ContentType,
                Tags = change.Tags ?? old.Tags,
                Enabled = change.Enabled ?? old.Enabled,
                NotBefore = change.NotBefore ?? old.NotBefore,
                Expires = change.Expires ?? old.Expires,
                Updated = Now(),
            };
            Keep(secret! with { Versions = [.. secret.Versions.Select(kept => kept == old ? changed : kept)] });
            return changed;
        }
    }

    /// <summary>Marks a secret deleted and gives its state; null if there is none.</summary>
    public DeletedState? Delete(string name)
    {
        lock (_lock)
        {
            if (Find(name, null, deleted: false, out var secret) is not { } latest)
            {
                return null;
            }

            var now = Now();
            Keep(secret! with { DeletedAt = now });
            return new DeletedState(secret.Name, latest, now);
        }
    }

    /// <summary>Reads a deleted secret; null if there is none of that name.</summary>
    public DeletedState? GetDeleted(string name)
    {
        lock (_lock)
        {
            return Find(name, null, deleted: true, out var secret) is { } latest
                ? new DeletedState(secret!.Name, latest, secret.DeletedAt!.Value)
                : null;
        }
    }

    /// <summary>Brings a deleted secret back with all its versions; null if there is none.</summary>
    public SecretVersion? Recover(string name)
    {
        lock (_lock)
        {
            if (Find(name, null, deleted: true, out var secret) is not { } latest)
            {
                return null;
            }

            Keep(secret! with { DeletedAt = null });
            return latest;
        }
    }

    /// <summary>Removes a deleted secret for good; false if there is none.</summary>
    public bool Purge(string name)
    {
        lock (_lock)
        {
            if (Find(name, null, deleted: true, out var secret) is null)
            {
                return false;
            }

            _file.Write(_secrets.Values.Where(other => other != secret));
            _secrets.Remove(name);
            return true;
        }
    }

    /// <summary>The latest version of every secret, by name.</summary>
    public List<(string Name, SecretVersion Version)> List()
    {
        lock (_lock)
        {
            return [.. _secrets.Values.Where(secret => secret.DeletedAt is null).Select(secret => (secret.Name, secret.Versions[^1]))];
        }
    }

    /// <summary>Every version of one secret, ordered by version as the service does; empty if there is none.</summary>
    public List<SecretVersion> ListVersions(string name)
    {
        lock (_lock)
        {
            return Find(name, null, deleted: false, out var secret) is null
                ? []
                : [.. secret!.Versions.OrderBy(version => version.Version, StringComparer.Ordinal)];
        }
    }

    /// <summary>Every deleted secret, by name.</summary>
    public List<DeletedState> ListDeleted()
    {
        lock (_lock)
        {
            return [.. _secrets.Values
                .Where(secret => secret.DeletedAt is not null)
                .Select(secret => new DeletedState(secret.Name, secret.Versions[^1], secret.DeletedAt!.Value))];
        }
    }

    // On disk first: what the disk refuses must not be there until the next start.
    private void Keep(StoredSecret secret)
    {
        var before = _secrets.GetValueOrDefault(secret.Name);
        _file.Write([.. _secrets.Values.Where(other => other != before), secret]);
        _secrets[secret.Name] = secret;
    }

    private SecretVersion? Find(string name, string? version, bool deleted, out StoredSecret? secret)
    {
        if (!_secrets.TryGetValue(name, out secret) || secret.DeletedAt is not null != deleted)
        {
            return null;
        }

        return version is null ? secret.Versions[^1] : secret.Versions.FirstOrDefault(item => item.Version == version);
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeSeconds();
}

/// <summary>A deleted secret: its latest version and when it was deleted (Unix seconds).</summary>
internal sealed record DeletedState(string Name, SecretVersion Latest, long DeletedAt);
