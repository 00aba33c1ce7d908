using FuncAiSecure.Core.Inference.Sessions;
using FuncAiSecure.Core.Inference.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace FuncAiSecure.Core.Inference.Scheduling;

/// <summary>
/// What waits for one model version, and how it runs: alone on its caller's thread, or with others in one run whose answers equal
/// those of single runs. One member's bad input or going away never touches another. The queue's own members are guarded by the scheduler's lock.
/// </summary>
internal sealed class ModelQueue(OnnxModelSession session, InferenceScheduler scheduler, QueueLimits limits, ModelStatistics statistics, TimeProvider time)
{
    // Members of a line that are looked at for company.
    private const int Depth = 16;

    private readonly FairQueue _waiting = new(limits.MaxWaiting);
    private readonly Gathering _gathering = new();
    private RunSlot? _gatherer;
    private readonly RunTimes _times = new(scheduler.Slots, limits.MaxWait);
    private volatile bool _joins = limits.MaxRows > 1;

    /// <summary>Whether the scheduler has it among those with work.</summary>
    public bool IsReady { get; set; }

    /// <summary>Rows that one run may have.</summary>
    public int MaxRows => limits.MaxRows;

    /// <summary>Runs at once, of all models.</summary>
    public int Slots => scheduler.Slots;

    /// <summary>Requests that wait, for whoever does not hold the scheduler's lock.</summary>
    public int Waiting => scheduler.Waiting(this);

    /// <summary>Requests that wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Whether a runner waits for company: who comes is company, and needs no other runner.</summary>
    public bool IsGathering => _gathering.IsOn;

    /// <summary>Runs the work, at once or in turn.</summary>
    /// <returns>Null, with the answer in the work's results; or a refusal.</returns>
    /// <exception cref="OperationCanceledException">The work's token was cancelled.</exception>
    public ValueTask<Refusal?> RunAsync(RunWork work)
    {
        work.Cancellation.ThrowIfCancellationRequested();
        if (scheduler.TryEnter(_times.Typical) is not { } slot)
        {
            return QueueAsync(work);
        }

        try
        {
            return new(RunAlone(work, slot));
        }
        finally
        {
            scheduler.Exit(slot);
        }
    }

    /// <summary>Room in the queue, for the scheduler.</summary>
    public bool TryAdd(RunWork work, out RunWork? displaced)
    {
        displaced = null;

        // By the principal's own place: whoever fills the queue must not have others refused.
        work.Ahead = _times.Ahead(_waiting.Before(work.Principal));
        if (_times.IsTooLong(work.Ahead))
        {
            return false;
        }

        work.QueuedAt = time.GetTimestamp();
        if (!_waiting.TryAdd(work, out displaced))
        {
            return false;
        }

        if (IsGathering && _gathering.IsEnough(_waiting.Count))
        {
            _gatherer!.Company.Set();
        }

        return true;
    }

    public bool Remove(RunWork work) => _waiting.Remove(work);

    /// <summary>The next request in turn with those that can share its run; null if nobody waits.</summary>
    /// <param name="free">Other slots that nothing holds.</param>
    public BatchPlan? TakeBatch(int free)
    {
        if (_waiting.TakeNext() is not { } first)
        {
            return null;
        }

        var plan = new BatchPlan(first, _joins ? limits.MaxRows : first.Rows, _gathering.PartOf(_waiting.Count + 1, free));
        if (!plan.IsFull && _waiting.Count > 0)
        {
            _waiting.TakeWhere(plan, static (plan, work) => plan.TryJoin(work), Depth);
        }

        _gathering.Began(plan.Members.Count);
        return plan;
    }

    /// <summary>
    /// Takes note of a run's end. True where the slot's runner should wait for its <see cref="RunSlot.Company"/> and then call
    /// <see cref="StopGathering"/>.
    /// </summary>
    /// <param name="ended">The run.</param>
    /// <param name="slot">Where it ran.</param>
    /// <param name="free">Other slots that nothing holds.</param>
    /// <param name="others">Other models that have work.</param>
    public bool TryGather(BatchPlan ended, RunSlot slot, int free, int others)
    {
        // Requests that cannot share, or other models' requests, are not made to wait.
        var typical = _joins && others == 0 && ended.MayGrow ? _times.Typical : TimeSpan.Zero;
        if (!_gathering.Ended(ended.Members.Count, _waiting.Count, free, typical))
        {
            return false;
        }

        slot.Company.Reset();
        _gatherer = slot;
        return true;
    }

    /// <summary>The runner waits no longer.</summary>
    public void StopGathering() => _gathering.Stop();

    /// <summary>Runs a batch on the calling thread and completes its members.</summary>
    public void Run(BatchPlan plan, RunSlot slot)
    {
        var now = time.GetTimestamp();
        foreach (var work in plan.Members)
        {
            work.Queued = time.GetElapsedTime(work.QueuedAt, now);
        }

        // One speaks for the run: its members wait alike.
        _times.Waited(plan.Members[0].Ahead, plan.Members[0].Queued);
        try
        {
            if (plan.Members.Count > 1 && TryRunTogether(plan, slot))
            {
                return;
            }
        }
        catch (Exception e)
        {
            plan.Members.ForEach(work => work.Fail(e));
            return;
        }

        foreach (var work in plan.Members)
        {
            CompleteAlone(work, slot);
        }
    }

    /// <summary>The refusal of a request for which there is no place.</summary>
    public Refusal Overloaded()
    {
        statistics.Refused();
        return new Refusal(RefusalCode.Overloaded) { Detail = "Too many requests wait for this model.", RetryAfter = limits.RetryAfter };
    }

    private async ValueTask<Refusal?> QueueAsync(RunWork work)
    {
        var done = work.Wait();
        if (scheduler.TryQueue(this, work) is { } refusal)
        {
            return refusal;
        }

        await using var registration = work.Cancellation.UnsafeRegister(
            static state =>
            {
                var (queue, work) = ((ModelQueue, RunWork))state!;
                if (queue.Withdraw(work))
                {
                    work.Cancel();
                }
            },
            (this, work)).ConfigureAwait(false);
        return await done.ConfigureAwait(false);
    }

    private bool Withdraw(RunWork work) => scheduler.TryWithdraw(this, work);

    private void CompleteAlone(RunWork work, RunSlot slot)
    {
        try
        {
            if (work.Cancellation.IsCancellationRequested)
            {
                work.Cancel();
                return;
            }

            work.Complete(RunAlone(work, slot));
        }
        catch (OperationCanceledException)
        {
            work.Cancel();
        }
        catch (Exception e)
        {
            // The waiting request gets the defect, also that there was no memory for what it needs; this thread serves others.
            work.Fail(e);
        }
    }

    private Refusal? RunAlone(RunWork work, RunSlot slot)
    {
        var start = time.GetTimestamp();
        try
        {
            session.Run(work.Inputs, work.Outputs, slot.Begin(work), work.Results);
        }
        catch (OnnxRuntimeException) when (slot.WasEnded)
        {
            work.DisposeResults();
            statistics.Failed(time.GetElapsedTime(start));
            throw new OperationCanceledException(work.Cancellation);
        }
        catch (OnnxRuntimeException)
        {
            // The graph passed its golden tests: what it cannot run is this input. The message may name values, so it stays here.
            work.DisposeResults();
            statistics.Failed(time.GetElapsedTime(start));
            return new Refusal(RefusalCode.InputInvalid) { Detail = "The model cannot run this input." };
        }
        finally
        {
            slot.End();
        }

        work.Computed = time.GetElapsedTime(start);
        _times.Ran(work.Computed, 1);
        statistics.Succeeded(work.Rows, work.Queued, work.Computed, time.GetUtcNow());
        statistics.Executed(work.Rows);
        return null;
    }

    /// <summary>False, with nothing done to the members, where single runs must tell whose input is at fault.</summary>
    private bool TryRunTogether(BatchPlan plan, RunSlot slot)
    {
        var start = time.GetTimestamp();
        var joined = new List<Tensor>(plan.Members[0].Inputs.Count);
        var results = new List<Tensor>(2);
        var outputs = plan.Members.Aggregate(0UL, (bits, work) => bits | work.Outputs);
        try
        {
            for (var index = 0; index < plan.Members[0].Inputs.Count; index++)
            {
                joined.Add(BatchTensors.Join(plan, index));
            }

            session.Run(joined, outputs, slot.Begin(plan.Members), results);
            slot.End();
            if (results.Exists(output => output.Shape.Length == 0 || output.Shape[0] != plan.Rows))
            {
                // Rows are not what this graph keeps apart, whatever its manifest says.
                _joins = false;
                return false;
            }

            var computed = time.GetElapsedTime(start);
            _times.Ran(computed, plan.Members.Count);
            statistics.Executed(plan.Rows);
            Distribute(plan, outputs, results, computed);
            return true;
        }
        catch (Exception e) when (e is OnnxRuntimeException or OutOfMemoryException)
        {
            plan.Members.ForEach(work => work.DisposeResults());
            return false;
        }
        finally
        {
            slot.End();
            joined.ForEach(tensor => tensor.Dispose());
            results.ForEach(tensor => tensor.Dispose());
        }
    }

    private void Distribute(BatchPlan plan, ulong outputs, List<Tensor> results, TimeSpan computed)
    {
        var row = 0;
        foreach (var work in plan.Members)
        {
            var next = 0;
            for (var output = 0; next < results.Count; output++)
            {
                if ((outputs >> output & 1) == 0)
                {
                    continue;
                }

                if ((work.Outputs >> output & 1) != 0)
                {
                    work.Results.Add(BatchTensors.Part(results[next], plan, work, row));
                }

                next++;
            }

            row += work.Rows;
            work.Computed = computed;
        }

        // Whoever is done takes its tensors away: nobody is before there was memory for all.
        foreach (var work in plan.Members)
        {
            statistics.Succeeded(work.Rows, work.Queued, computed, time.GetUtcNow());
            work.Complete(null);
        }
    }
}
