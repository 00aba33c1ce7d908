using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Identity;

/// <summary>How API keys are cached and failed credentials throttled.</summary>
public sealed class IdentityOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Identity";

    /// <value>How long a key's record serves before the vault is asked again: the bound on revocation. 1 to 60 s, default 60 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan CacheLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <value>The share of <see cref="CacheLifetime"/> after which a used record is refreshed in the background. 0.1 to 0.95, default 0.75.</value>
    [Range(0.1, 0.95)]
    public double RefreshAfter { get; set; } = 0.75;

    /// <value>How long a known key serves on while the vault cannot be asked. 0 to 10 min, default 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan MaxStale { get; set; } = TimeSpan.FromMinutes(10);

    /// <value>How often the peppers are read again. 10 s to 5 min, default 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:10", "00:05:00")]
    public TimeSpan PepperRefresh { get; set; } = TimeSpan.FromMinutes(5);

    /// <value>The most keys remembered at once. 100 to 1,000,000, default 50,000.</value>
    [Range(100, 1_000_000)]
    public int MaxCachedKeys { get; set; } = 50_000;

    /// <value>Failed credentials that a source network (/24, /56) may show at once. 1 to 10,000, default 30.</value>
    [Range(1, 10_000)]
    public int FailureBurst { get; set; } = 30;

    /// <value>Failed credentials that a source network may show in the long run, a minute. 1 to 10,000, default 30.</value>
    [Range(1, 10_000)]
    public int FailuresPerMinute { get; set; } = 30;

    /// <value>Failures that one key id may cause at once; in the long run six a minute. 1 to 1,000, default 10.</value>
    [Range(1, 1_000)]
    public int KeyFailureBurst { get; set; } = 10;
}

/// <summary>Checks the annotated ranges of <see cref="IdentityOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class IdentityOptionsValidator : IValidateOptions<IdentityOptions>;
