namespace FuncAiSecure.Core.Inference.Scheduling;

/// <summary>
/// How large a model's next shared run should be, and whether it is worth a moment's wait. Callers that were just answered tend to
/// come back at once; a runner that does not give them that moment runs the first of them alone, and the machine's cores
/// fall into many small runs. Nobody waits who finds the machine idle, and where the wait does not help it is seldom tried.
/// Not safe for several threads: the scheduler's lock guards it.
/// </summary>
internal sealed class Gathering
{
    /// <summary>How long a runner waits at most. Some tenths of a run that is worth sharing.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(1);

    // A wait costs a short run more than sharing saves.
    private static readonly TimeSpan WorthSharing = MaxWait / 2;

    // Runs without a wait after one that did not help.
    private const int Rest = 8;

    private int _runs;
    private int _running;
    private int _rest;
    private int _target;

    /// <summary>True while a runner waits.</summary>
    public bool IsOn => _target > 0;

    /// <summary>The most requests that a run now takes: its part, were what waits and what runs spread over the cores that this model has.</summary>
    /// <param name="waiting">Requests in the queue.</param>
    /// <param name="free">Cores that nothing runs on, without the one that asks.</param>
    public int PartOf(int waiting, int free)
    {
        var cores = _runs + 1 + free;
        return (waiting + _running + cores - 1) / cores;
    }

    /// <summary>A run was taken from the queue.</summary>
    public void Began(int requests)
    {
        _runs++;
        _running += requests;
    }

    /// <summary>A run is over. True where the runner should wait for <see cref="IsEnough"/> before it takes the next.</summary>
    /// <param name="requests">How many it answered.</param>
    /// <param name="waiting">Requests in the queue.</param>
    /// <param name="free">Cores that nothing runs on, without the one whose run ended.</param>
    /// <param name="typical">The model's time for one request.</param>
    public bool Ended(int requests, int waiting, int free, TimeSpan typical)
    {
        _runs--;
        _running -= requests;
        var part = PartOf(waiting + requests, free);
        if (IsOn || typical < WorthSharing || part < 2 || waiting >= part || _rest-- > 0)
        {
            return false;
        }

        _target = part;
        return true;
    }

    /// <summary>Whether so many are as many as the runner waits for; it waits no longer then.</summary>
    public bool IsEnough(int waiting)
    {
        if (waiting < _target)
        {
            return false;
        }

        _target = 0;
        _rest = 0;
        return true;
    }

    /// <summary>The runner waits no longer, whoever came.</summary>
    public void Stop()
    {
        if (IsOn)
        {
            _target = 0;
            _rest = Rest;
        }
    }
}
