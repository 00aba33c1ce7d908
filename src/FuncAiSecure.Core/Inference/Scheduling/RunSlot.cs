using Microsoft.ML.OnnxRuntime;

namespace FuncAiSecure.Core.Inference.Scheduling;

/// <summary>
/// The right to run on one core, with the run options through which that run can be ended. A run is looked at from outside
/// (<see cref="EndIfAbandoned"/>) only between its begin and <see cref="End"/>, so that no run inherits another's end.
/// </summary>
internal sealed class RunSlot : IDisposable
{
    private readonly Lock _lock = new();
    private readonly RunOptions _options = new();
    private IReadOnlyList<RunWork>? _batch;
    private RunWork? _work;

    /// <summary>Set when a runner that waits for company has got it. Never spins: the callers need the core to come back.</summary>
    public ManualResetEventSlim Company { get; } = new(false, spinCount: 0);

    /// <summary>True while something runs.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>True if the current run was told to end.</summary>
    public bool WasEnded { get; private set; }

    /// <summary>Starts a run for one request.</summary>
    public RunOptions Begin(RunWork work)
    {
        lock (_lock)
        {
            _work = work;
            WasEnded = false;
            IsBusy = true;
            return _options;
        }
    }

    /// <summary>Starts a run that several requests share.</summary>
    public RunOptions Begin(IReadOnlyList<RunWork> batch)
    {
        lock (_lock)
        {
            _batch = batch;
            WasEnded = false;
            IsBusy = true;
            return _options;
        }
    }

    /// <summary>The run is over, whatever its end.</summary>
    public void End()
    {
        lock (_lock)
        {
            IsBusy = false;
            _work = null;
            _batch = null;
            if (WasEnded)
            {
                _options.Terminate = false;
            }
        }
    }

    /// <summary>Ends the run if nobody waits for it any more.</summary>
    public void EndIfAbandoned()
    {
        lock (_lock)
        {
            if (IsBusy && !WasEnded && (_work?.Cancellation.IsCancellationRequested ?? AllAbandoned(_batch)))
            {
                _options.Terminate = true;
                WasEnded = true;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _options.Dispose();
        Company.Dispose();
    }

    private static bool AllAbandoned(IReadOnlyList<RunWork>? batch)
    {
        for (var index = 0; index < batch?.Count; index++)
        {
            if (!batch[index].Cancellation.IsCancellationRequested)
            {
                return false;
            }
        }

        return batch is not null;
    }
}
