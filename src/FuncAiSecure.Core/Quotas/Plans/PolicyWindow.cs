namespace FuncAiSecure.Core.Quotas.Plans;

/// <summary>Over what a policy's amount is counted.</summary>
public enum PolicyWindow
{
    /// <summary>A token bucket on each instance; the amount is its capacity.</summary>
    Burst,

    /// <summary>Requests that run at the same time on one instance.</summary>
    Concurrent,

    /// <summary>A UTC minute, over all instances.</summary>
    Minute,

    /// <summary>A UTC hour, over all instances.</summary>
    Hour,

    /// <summary>A UTC day, over all instances.</summary>
    Day,

    /// <summary>A UTC calendar month, over all instances.</summary>
    Month,
}

/// <summary>What a policy counts.</summary>
public enum QuotaUnit
{
    /// <summary>One for each request.</summary>
    Requests,

    /// <summary>Tokens where the model has a tokenizer, else a quarter of the characters; a 256th of a tensor's elements.</summary>
    InputUnits,
}
