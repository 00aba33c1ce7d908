using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Inference;

/// <summary>How models are run.</summary>
public sealed class InferenceOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Inference";

    /// <summary>Runs at once.</summary>
    /// <value>0 to 256; 0 (the default) means one a core, as the container's processor quota says.</value>
    [Range(0, 256)]
    public int ConcurrentRuns { get; set; }

    /// <summary>The most rows that requests may share a run with, where a model's manifest allows more.</summary>
    /// <value>1 to 1024, default 32; 1 switches sharing off.</value>
    [Range(1, 1024)]
    public int MaxBatchRows { get; set; } = 32;

    /// <summary>Requests that may wait for one model version.</summary>
    /// <value>1 to 100,000, default 256.</value>
    [Range(1, 100_000)]
    public int MaxWaiting { get; set; } = 256;

    /// <summary>
    /// The longest expected wait for which a request is still taken, or four typical runs of the model where those take longer; beyond, it
    /// is refused at once. What a caller's own turn would be counts, not what others have waiting.
    /// </summary>
    /// <value>1 ms to 5 minutes, default 75 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(75);

    /// <summary>What a refused caller is told to wait.</summary>
    /// <value>1 s to 1 minute, default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class InferenceOptionsValidator : IValidateOptions<InferenceOptions>;
