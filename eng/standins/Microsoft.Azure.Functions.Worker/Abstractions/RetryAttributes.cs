namespace Microsoft.Azure.Functions.Worker;

/// <summary>How often the host repeats a failed run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    /// <summary>The most repetitions; -1 for no end.</summary>
    public int MaxRetryCount { get; set; }
}

/// <summary>Repetitions at a fixed distance.</summary>
public sealed class FixedDelayRetryAttribute : RetryAttribute
{
    /// <summary>Sets count and distance (<c>hh:mm:ss</c>).</summary>
    public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval)
    {
        MaxRetryCount = maxRetryCount;
        DelayInterval = delayInterval;
    }

    /// <summary>The distance, <c>hh:mm:ss</c>.</summary>
    public string DelayInterval { get; }
}
