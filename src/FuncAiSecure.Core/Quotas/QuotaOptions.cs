using System.ComponentModel.DataAnnotations;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>Plans, and how their counters are kept. Holds nothing secret.</summary>
public sealed class QuotaOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Quotas";

    /// <summary>Plans by name. Without any, the built-in plans <c>standard</c> and <c>operator</c> hold.</summary>
    public IDictionary<string, PlanOptions> Plans { get; } = new Dictionary<string, PlanOptions>(StringComparer.Ordinal);

    /// <summary>The plan of a caller whose credential names none.</summary>
    /// <value>Default <c>standard</c>; must be configured.</value>
    [Required]
    public string DefaultPlan { get; set; } = "standard";

    /// <summary>The table that holds counters and changed plans; made when it is missing.</summary>
    /// <value>3 to 63 letters and digits, a letter first. Default <c>FuncAiSecureQuotas</c>.</value>
    [Required, RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    public string TableName { get; set; } = "FuncAiSecureQuotas";

    /// <summary>How long a leased block should last at the rate that the instance sees.</summary>
    /// <value>0.1 s to 30 s, default 4 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>An unspent block goes back after no request has used it for this long.</summary>
    /// <value>1 s to 5 min, default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan IdleReturn { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request waits for a block, all tries included, before it is refused with 503.</summary>
    /// <value>0.1 s to 30 s, default 3 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan AcquireTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one call of the table service may take; after that its outcome is unknown.</summary>
    /// <value>50 ms to 10 s, default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a caller's changed plan is looked up. A change holds everywhere after twice this time.</summary>
    /// <value>1 s to 15 s, default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:15")]
    public TimeSpan PlanRefresh { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a window's counter is kept after the window's end, for reports.</summary>
    /// <value>1 h to 400 days, default 40 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "400.00:00:00")]
    public TimeSpan KeepWindows { get; set; } = TimeSpan.FromDays(40);
}
