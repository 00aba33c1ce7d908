using System.Collections.Immutable;

namespace FuncAiSecure.Core.Models;

/// <summary>What a loaded version has run since it was loaded.</summary>
/// <param name="Answered">Requests that got an answer.</param>
/// <param name="Failed">Requests whose run failed or was ended.</param>
/// <param name="TurnedAway">Requests for which there was no place in the queue.</param>
/// <param name="Runs">Runs of the graph; fewer than requests where they shared runs.</param>
/// <param name="Rows">Rows that were inferred.</param>
/// <param name="Waited">Time that answered requests waited, summed.</param>
/// <param name="Ran">Time that answered requests ran, summed over requests.</param>
/// <param name="FailedTime">Time of failed runs, summed.</param>
/// <param name="LastAnswer">When the last answered request ended, in Unix milliseconds; 0 if none did.</param>
/// <param name="BatchSizes">Runs by their rows: at most so many, and more than in the place before. The last place has no bound (null).</param>
public sealed record RunCounts(
    long Answered,
    long Failed,
    long TurnedAway,
    long Runs,
    long Rows,
    TimeSpan Waited,
    TimeSpan Ran,
    TimeSpan FailedTime,
    long LastAnswer,
    ImmutableArray<(int? UpTo, long Runs)> BatchSizes);
