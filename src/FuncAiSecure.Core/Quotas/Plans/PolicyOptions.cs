namespace FuncAiSecure.Core.Quotas.Plans;

/// <summary>One policy of a plan: an amount for a window.</summary>
public sealed class PolicyOptions
{
    /// <summary>Over what the amount is counted.</summary>
    /// <value>Required.</value>
    public PolicyWindow? Window { get; set; }

    /// <summary>What is counted.</summary>
    /// <value>Default <see cref="QuotaUnit.Requests"/>; burst and concurrency count requests only.</value>
    public QuotaUnit Unit { get; set; }

    /// <summary>How many units a window holds, the capacity of a burst, or the requests at once.</summary>
    /// <value>1 to 1,000,000,000,000.</value>
    public long Amount { get; set; }

    /// <summary>Tokens that come back to a burst each second, over all instances.</summary>
    /// <value>0.001 to 1,000,000; unset: a sixtieth of the plan's smallest minute policy on requests, or the amount itself.</value>
    public double? RefillPerSecond { get; set; }

    /// <summary>The models that the policy counts; empty means all.</summary>
    /// <value>Names that the model catalogue knows, otherwise the process does not start.</value>
    public IList<string> Models { get; } = [];

    /// <summary>Counted and reported, never refused; for trying a new policy.</summary>
    /// <value>Default false.</value>
    public bool Shadow { get; set; }

    /// <summary>Units that each instance may admit in a window while storage is away. They are counted when it is back.</summary>
    /// <value>0 (the default: fail closed) to 1,000,000.</value>
    public long EmergencyAllowance { get; set; }
}
