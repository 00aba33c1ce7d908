namespace FuncAiSecure.Core.Audit;

/// <summary>One version of the secret that the trail's keys are derived from. Not a record: it must never print its key.</summary>
public sealed class AuditSecret
{
    /// <summary>The fewest bytes of a key.</summary>
    public const int MinKeyBytes = 32;

    private readonly byte[] _key;

    /// <summary>A version of the secret.</summary>
    /// <exception cref="ArgumentException">The key is shorter than <see cref="MinKeyBytes"/>.</exception>
    public AuditSecret(string version, ReadOnlySpan<byte> key)
    {
        ArgumentException.ThrowIfNullOrEmpty(version);
        if (key.Length < MinKeyBytes)
        {
            throw new ArgumentException("The audit secret is too short.", nameof(key));
        }

        Version = version;
        _key = key.ToArray();
    }

    /// <summary>The version's public name; stored with whatever is made under it.</summary>
    public string Version { get; }

    internal ReadOnlySpan<byte> Key => _key;
}

/// <summary>Where the trail's secret comes from.</summary>
public interface IAuditSecrets
{
    /// <summary>The given version of the secret; with null the current one.</summary>
    ValueTask<AuditSecret> GetAsync(string? version, CancellationToken cancellationToken);
}
