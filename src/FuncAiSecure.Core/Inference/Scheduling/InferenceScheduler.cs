using FuncAiSecure.Core.Inference.Native;

namespace FuncAiSecure.Core.Inference.Scheduling;

/// <summary>
/// Lets as many runs go at once as there are cores. A request that finds the machine idle runs on its caller's thread, with no
/// hand-off; else it waits in its model's queue, and a runner thread takes what waits as a batch, which grows with the queue. Only
/// between two shared runs a runner may wait a moment for company (<see cref="Gathering"/>). Models with waiting work are served in turn.
/// </summary>
internal sealed class InferenceScheduler : IDisposable
{
    // How often running work is checked for callers that have gone; and how long the check goes on after the last run.
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(20);
    private const int IdleTicks = 50;

    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(5);

    private readonly object _lock = new();
    private readonly Stack<RunSlot> _free = [];
    private readonly Stack<RunSlot> _handed = [];
    private readonly Queue<ModelQueue> _ready = [];
    private readonly RunSlot[] _slots;
    private readonly ITimer _watch;
    private int _entered;
    private bool _watching;
    private int _idleTicks;
    private bool _stopped;

    public InferenceScheduler(TimeProvider time, int slots = 0)
    {
        OnnxReady();
        _slots = [.. Enumerable.Range(0, slots > 0 ? slots : CpuBudget.Cores).Select(_ => new RunSlot())];
        foreach (var slot in _slots)
        {
            _free.Push(slot);
            new Thread(RunWaiting) { IsBackground = true, Name = "inference" }.Start();
        }

        _watch = time.CreateTimer(_ => Watch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Below this a hand-off to another thread costs more than the run.</summary>
    public static TimeSpan Short { get; } = TimeSpan.FromMicroseconds(100);

    /// <summary>Runs at once.</summary>
    public int Slots => _slots.Length;

    /// <summary>Slots that nothing holds.</summary>
    public int FreeSlots
    {
        get
        {
            lock (_lock)
            {
                return _free.Count;
            }
        }
    }

    /// <summary>A slot for the caller's own thread, or null where it has to queue (<see cref="MayEnter"/>).</summary>
    /// <param name="typical">How long such work takes.</param>
    public RunSlot? TryEnter(TimeSpan typical)
    {
        lock (_lock)
        {
            if (_stopped || !MayEnter(typical, _free.Count, _entered, _slots.Length))
            {
                return null;
            }

            StartWatching();
            _entered++;
            return _free.Pop();
        }
    }

    /// <summary>Gives back a slot of <see cref="TryEnter"/>; if something waits, it goes to a runner.</summary>
    public void Exit(RunSlot slot)
    {
        lock (_lock)
        {
            _entered--;
            if (_ready.Count == 0)
            {
                _free.Push(slot);
            }
            else
            {
                HandOver(slot);
            }
        }
    }

    /// <summary>Puts work into a model's queue; a refusal if it is full.</summary>
    public Refusal? TryQueue(ModelQueue queue, RunWork work)
    {
        RunWork? displaced;
        lock (_lock)
        {
            if (_stopped || !queue.TryAdd(work, out displaced))
            {
                return queue.Overloaded();
            }

            if (!queue.IsReady)
            {
                queue.IsReady = true;
                _ready.Enqueue(queue);
            }

            if (!queue.IsGathering && _free.TryPop(out var slot))
            {
                HandOver(slot);
            }
        }

        displaced?.Complete(queue.Overloaded());
        return null;
    }

    /// <summary>Takes work out of its queue again; false if it already runs.</summary>
    public bool TryWithdraw(ModelQueue queue, RunWork work)
    {
        lock (_lock)
        {
            return queue.Remove(work);
        }
    }

    /// <summary>Requests that wait for a model.</summary>
    public int Waiting(ModelQueue queue)
    {
        lock (_lock)
        {
            return queue.Count;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.PulseAll(_lock);
        }

        _watch.Dispose();
    }

    /// <summary>
    /// Whether work goes on its caller's own thread: if nothing else runs; for work so short that a hand-off costs more than it; or, while no
    /// runner is at work whose next batch this could join, for work so brief that the thread pool does not miss a second thread.
    /// </summary>
    /// <param name="typical">How long such work takes.</param>
    /// <param name="free">Slots that nothing holds.</param>
    /// <param name="entered">Slots that callers hold; the rest are runners'.</param>
    /// <param name="slots">All slots.</param>
    internal static bool MayEnter(TimeSpan typical, int free, int entered, int slots) =>
        typical < Short ? free > 0
        : typical < Brief ? free > 0 && free + entered == slots
        : free == slots;

    private void HandOver(RunSlot slot)
    {
        StartWatching();
        _handed.Push(slot);
        Monitor.Pulse(_lock);
    }

    private void RunWaiting()
    {
        while (true)
        {
            RunSlot slot;
            lock (_lock)
            {
                while (_handed.Count == 0 && !_stopped)
                {
                    Monitor.Wait(_lock);
                }

                if (_handed.Count == 0)
                {
                    return;
                }

                slot = _handed.Pop();
            }

            while (NextBatch(slot) is { } next)
            {
                next.Queue.Run(next.Batch, slot);
                Gather(next.Queue, next.Batch, slot);
            }
        }
    }

    /// <summary>After a run: waits a moment for company where that is worth it, and nobody else wants the slot.</summary>
    private void Gather(ModelQueue queue, BatchPlan ended, RunSlot slot)
    {
        lock (_lock)
        {
            if (!queue.TryGather(ended, slot, _free.Count, others: _ready.Count - (queue.IsReady ? 1 : 0)))
            {
                return;
            }
        }

        slot.Company.Wait(Gathering.MaxWait);
        lock (_lock)
        {
            queue.StopGathering();
        }
    }

    /// <summary>What the slot is to run next; without work it is given back.</summary>
    private (ModelQueue Queue, BatchPlan Batch)? NextBatch(RunSlot slot)
    {
        lock (_lock)
        {
            while (_ready.TryDequeue(out var queue))
            {
                var batch = queue.TakeBatch(_free.Count);
                queue.IsReady = queue.Count > 0;
                if (queue.IsReady)
                {
                    _ready.Enqueue(queue);
                }

                if (batch is not null)
                {
                    return (queue, batch);
                }
            }

            _free.Push(slot);
            return null;
        }
    }

    private void StartWatching()
    {
        _idleTicks = 0;
        if (!_watching)
        {
            _watching = true;
            _watch.Change(WatchInterval, WatchInterval);
        }
    }

    private void Watch()
    {
        foreach (var slot in _slots)
        {
            slot.EndIfAbandoned();
        }

        lock (_lock)
        {
            _idleTicks = _free.Count == _slots.Length ? _idleTicks + 1 : 0;
            if (_idleTicks > IdleTicks && !_stopped)
            {
                _watching = false;
                _watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    // Run options are native: the environment comes first, with its telemetry off.
    private static void OnnxReady() => OnnxRuntimeGuard.Initialize();
}
