using System.Collections.Concurrent;

namespace FuncAiSecure.LocalVault;

/// <summary>Trouble on demand, and what was asked of the vault: for tests that run the server in their own process.</summary>
public sealed class VaultFaults
{
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.OrdinalIgnoreCase);
    private volatile Task _gate = Task.CompletedTask;
    private volatile bool _unavailable;
    private volatile bool _unreachable;
    private volatile int _retryAfterSeconds = -1;

    /// <summary>True: every request is answered 503.</summary>
    public bool Unavailable { get => _unavailable; set => _unavailable = value; }

    /// <summary>True: every connection is cut without an answer.</summary>
    public bool Unreachable { get => _unreachable; set => _unreachable = value; }

    /// <summary>Not null: every request is answered 429 with this <c>Retry-After</c>, in whole seconds.</summary>
    public int? ThrottleForSeconds
    {
        get => _retryAfterSeconds < 0 ? null : _retryAfterSeconds;
        set => _retryAfterSeconds = value ?? -1;
    }

    /// <summary>Requests wait for this task before they are answered; a completed task (the default) holds nothing.</summary>
    public Task Gate { get => _gate; set => _gate = value; }

    /// <summary>Authorized requests so far, refused ones under a fault included; the challenge round is not counted.</summary>
    public int TotalCalls => _calls.Values.Sum();

    /// <summary>Authorized requests so far that named this secret.</summary>
    public int CallsFor(string secretName) => _calls.GetValueOrDefault(secretName);

    internal void Count(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        _calls.AddOrUpdate(parts.Length > 1 ? parts[1] : "", 1, static (_, calls) => calls + 1);
    }
}
