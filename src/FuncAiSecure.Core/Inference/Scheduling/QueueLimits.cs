namespace FuncAiSecure.Core.Inference.Scheduling;

/// <summary>Bounds of one model's queue.</summary>
/// <param name="MaxRows">Rows of one run; 1 where the graph or the manifest does not let requests share.</param>
/// <param name="MaxWaiting">Requests that may wait.</param>
/// <param name="MaxWait">The longest expected wait for which a request is still taken; null for no such bound.</param>
/// <param name="RetryAfter">What a refused caller is told.</param>
internal sealed record QueueLimits(int MaxRows, int MaxWaiting, TimeSpan? MaxWait, TimeSpan RetryAfter);
