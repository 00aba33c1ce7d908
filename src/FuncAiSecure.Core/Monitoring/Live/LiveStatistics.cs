using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Monitoring.Live;

/// <summary>
/// What this instance has done lately, for an operator who looks at it. Everything has a fixed size; a request costs a few
/// counters and a copy, and allocates nothing once its action is known.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class LiveStatistics(TimeProvider time)
{
    /// <summary>How many of the last requests are kept.</summary>
    public const int RecentCount = 100;

    /// <summary>How many stretches of <see cref="Stretch"/> are told: a quarter of an hour.</summary>
    public const int StretchCount = 90;

    // There is one for each function of the app; a table that grows by mistake stops here.
    private const int MaxActions = 256;
    private const int PseudonymBytes = 6;

    private readonly byte[] _pseudonymKey = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, TallyRing> _actions = new(StringComparer.Ordinal);
    private readonly TallyRing _timeline = new(Stretch, StretchCount);
    private readonly RecentRequests _recent = new(RecentCount);
    private readonly long[] _refused = new long[Enum.GetValues<RefusalCode>().Length];
    private long _served;
    private long _abandoned;
    private int _active;

    /// <summary>How long a stretch of the timeline is.</summary>
    public static TimeSpan Stretch { get; } = TimeSpan.FromSeconds(10);

    /// <summary>When counting began.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>Requests that are being answered.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Requests that were answered since <see cref="StartedAt"/>.</summary>
    public long Served => Interlocked.Read(ref _served);

    /// <summary>Requests whose caller went away since <see cref="StartedAt"/>.</summary>
    public long Abandoned => Interlocked.Read(ref _abandoned);

    /// <summary>Requests that were refused for a reason since <see cref="StartedAt"/>.</summary>
    public long RefusedFor(RefusalCode code) => Interlocked.Read(ref _refused[(int)code]);

    /// <summary>Counts a request that begins.</summary>
    public void Begin() => Interlocked.Increment(ref _active);

    /// <summary>Counts and notes a request that ends.</summary>
    public void End(in FinishedRequest request)
    {
        Interlocked.Decrement(ref _active);
        if (request.IsAbandoned)
        {
            Interlocked.Increment(ref _abandoned);
        }
        else if (request.Refused is { } code)
        {
            Interlocked.Increment(ref _refused[(int)code]);
        }
        else
        {
            Interlocked.Increment(ref _served);
        }

        var now = time.GetUtcNow();
        _timeline.Add(now, in request);
        _recent.Add(now, in request);
        if (_actions.TryGetValue(request.Action, out var action)
            || (_actions.Count < MaxActions && (action = _actions.GetOrAdd(request.Action, static _ => new(TimeSpan.FromMinutes(15), 2))) is not null))
        {
            action.Add(now, in request);
        }
    }

    /// <summary>The stretches of the last quarter of an hour in which requests ended, oldest first, each with its begin.</summary>
    public IReadOnlyList<(DateTimeOffset Begin, TallySum Sum)> Timeline() =>
        [.. _timeline.Read(time.GetUtcNow()).Select(stretch => (stretch.Begin, SumOf([stretch.Tally])))];

    /// <summary>What each action did in the running quarter of an hour and the one before; by name.</summary>
    public IReadOnlyList<(string Action, TallySum Sum)> Actions()
    {
        var now = time.GetUtcNow();
        return
        [
            .. from action in _actions
               orderby action.Key
               let tallies = action.Value.Read(now).Select(stretch => stretch.Tally).ToList()
               where tallies.Count > 0
               select (action.Key, SumOf(tallies)),
        ];
    }

    /// <summary>The last requests, newest first, each with the time of its end.</summary>
    public IReadOnlyList<(DateTimeOffset At, FinishedRequest Request)> Recent() => _recent.Read();

    /// <summary>
    /// A name for a principal that tells its requests apart and does not tell who it is: 12 hexadecimal digits of a keyed hash,
    /// whose key lives and ends with this process. Who asked for which request is the audit trail's to say.
    /// </summary>
    public string PseudonymOf(PrincipalId principal)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_pseudonymKey, Encoding.UTF8.GetBytes(principal.Value), hash);
        return Convert.ToHexStringLower(hash[..PseudonymBytes]);
    }

    private static TallySum SumOf(IEnumerable<Tally> tallies)
    {
        var sum = new TallySum();
        foreach (var tally in tallies)
        {
            tally.AddTo(sum);
        }

        return sum;
    }
}
