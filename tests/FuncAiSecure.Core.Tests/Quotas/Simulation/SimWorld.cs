namespace FuncAiSecure.Core.Tests.Quotas.Simulation;

/// <summary>Virtual time and one queue of events on one thread: the same seed gives the same run, step for step.</summary>
internal sealed class SimWorld(int seed)
{
    private readonly PriorityQueue<Action, (long Time, long Number)> _timed = new();
    private readonly Queue<(SimContext Context, SendOrPostCallback Callback, object? State)> _ready = new();
    private long _number;

    public Random Random { get; } = new(seed);

    /// <summary>The service's clock, in UTC ticks; it is also the truth.</summary>
    public long Now { get; private set; } = new DateTime(2026, 11, 22, 23, 59, 20, DateTimeKind.Utc).Ticks;

    public void At(long time, Action action) => _timed.Enqueue(action, (Math.Max(time, Now), _number++));

    public void After(TimeSpan delay, Action action) => At(Now + delay.Ticks, action);

    public void Post(SimContext context, SendOrPostCallback callback, object? state) => _ready.Enqueue((context, callback, state));

    public void RunUntil(long end)
    {
        var before = SynchronizationContext.Current;
        try
        {
            while (true)
            {
                while (_ready.TryDequeue(out var next))
                {
                    next.Context.Run(next.Callback, next.State);
                }

                if (!_timed.TryPeek(out _, out var at) || at.Time > end)
                {
                    Now = end;
                    return;
                }

                var action = _timed.Dequeue();
                Now = at.Time;
                action();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}

/// <summary>One instance's thread. After a crash nothing of the instance ever runs again.</summary>
internal sealed class SimContext(SimWorld world) : SynchronizationContext
{
    public bool IsDead { get; set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsDead)
        {
            world.Post(this, d, state);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    public override SynchronizationContext CreateCopy() => this;

    public void Run(SendOrPostCallback callback, object? state)
    {
        if (!IsDead)
        {
            SetSynchronizationContext(this);
            callback(state);
        }
    }

    public void Run(Action action) => Run(_ => action(), null);
}

/// <summary>An instance's clock: a wall clock that may be hours wrong, and a counter that drifts.</summary>
internal sealed class SimTime(SimWorld world, SimContext context, TimeSpan skew, double drift) : TimeProvider
{
    private readonly long _start = world.Now;

    /// <summary>A defect of the platform: no timer can be made.</summary>
    public bool IsBroken { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(world.Now + skew.Ticks, TimeSpan.Zero);

    public override long GetTimestamp() => 1_000_000 + (long)((world.Now - _start) * (1 + drift));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (IsBroken)
        {
            throw new TimeoutException("No timer.");
        }

        var timer = new Timer(world, context, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimWorld world, SimContext context, TimerCallback callback, object? state) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _version++;
            if (dueTime >= TimeSpan.Zero)
            {
                Schedule(_version, dueTime, period);
            }

            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Schedule(int version, TimeSpan wait, TimeSpan period) => world.After(wait, () =>
        {
            if (version != _version)
            {
                return;
            }

            context.Run(() => callback(state));
            if (period > TimeSpan.Zero && version == _version && !context.IsDead)
            {
                Schedule(version, period, period);
            }
        });
    }
}
