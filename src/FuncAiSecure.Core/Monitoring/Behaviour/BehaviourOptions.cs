using System.ComponentModel.DataAnnotations;

namespace FuncAiSecure.Core.Monitoring.Behaviour;

/// <summary>How behaviour is watched and what follows a signal. Holds nothing secret.</summary>
public sealed class BehaviourOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Behaviour";

    /// <summary>The most principals with a profile, at 248 bytes each; the least recently seen leave.</summary>
    /// <value>1,024 to 1,048,576, default 65,536.</value>
    [Range(1_024, 1_048_576)]
    public int MaxPrincipals { get; set; } = 65_536;

    /// <summary>How long a principal must have been known before its own past judges it.</summary>
    /// <value>1 h to 30 days, default 3 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan LearningPeriod { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How many requests it must have made by then.</summary>
    /// <value>50 to 100,000, default 200.</value>
    [Range(50, 100_000)]
    public int LearningRequests { get; set; } = 200;

    /// <summary>Requests in a minute that are never called a burst.</summary>
    /// <value>10 to 1,000,000, default 60.</value>
    [Range(10, 1_000_000)]
    public int MinBurst { get; set; } = 60;

    /// <summary>How long a signal about the same principal or model stays silent after it was raised.</summary>
    /// <value>1 min to 1 day, default 1 h.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Cooldown { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The table of profiles and anomalies; made when it is missing.</summary>
    /// <value>3 to 63 letters and digits, a letter first. Default <c>behaviour</c>.</value>
    [Required, RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    public string TableName { get; set; } = "behaviour";

    /// <summary>How often changed profiles are saved.</summary>
    /// <value>10 s to 1 h, default 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan SaveInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>For how many days anomalies are kept, and profiles of principals that have not called since; those for 30 days at least.</summary>
    /// <value>1 to 3660, default 90.</value>
    [Range(1, 3660)]
    public int KeepDays { get; set; } = 90;

    /// <summary>The plan that a principal is put on after a signal about it; null (the default) lowers nobody's plan.</summary>
    public string? LowerPlan { get; set; }

    /// <summary>For how long.</summary>
    /// <value>1 min to 7 days, default 1 h.</value>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan LowerPlanFor { get; set; } = TimeSpan.FromHours(1);
}
