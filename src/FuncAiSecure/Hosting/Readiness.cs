using System.Collections.Frozen;

namespace FuncAiSecure.Hosting;

/// <summary>What readiness waits for. A name is all that a stranger learns.</summary>
public interface IReadinessCheck
{
    /// <summary>The dependency's public name: lower case, one word.</summary>
    string Name { get; }

    /// <summary>True when the dependency can be relied on now.</summary>
    ValueTask<bool> IsReadyAsync(CancellationToken cancellation);
}

/// <summary>The last known state of every check. Not ready until each has said so once: no news is bad news.</summary>
public sealed class Readiness(IEnumerable<IReadinessCheck> checks)
{
    private volatile FrozenSet<string> _failing = checks.Select(check => check.Name).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Names of what fails, empty when ready.</summary>
    public IReadOnlyCollection<string> Failing => _failing;

    /// <summary>The checks.</summary>
    internal IReadOnlyList<IReadinessCheck> Checks { get; } = [.. checks];

    /// <summary>Replaces the known state.</summary>
    internal void Set(IEnumerable<string> failing) => _failing = failing.ToFrozenSet(StringComparer.Ordinal);
}
