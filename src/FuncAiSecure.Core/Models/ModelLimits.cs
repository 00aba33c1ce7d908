namespace FuncAiSecure.Core.Models;

/// <summary>Limits of a request to a model. The deployment's own limits hold as well; the lower one wins. Null leaves it to the deployment.</summary>
public sealed record ModelLimits
{
    internal static readonly ModelLimits Default = new();

    /// <summary>The most rows of one run: what micro-batching may join, and what one request may send where the graph has a batch.</summary>
    public int? MaxBatch { get; init; }

    /// <summary>The longest text, in UTF-16 code units.</summary>
    public int? MaxInputChars { get; init; }

    /// <summary>The time that a request may take, in milliseconds.</summary>
    public int? DeadlineMs { get; init; }

    /// <summary>The largest body, in bytes.</summary>
    public int? MaxBodyBytes { get; init; }
}
