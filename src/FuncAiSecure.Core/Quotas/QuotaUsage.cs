using System.Collections.Immutable;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>A caller's plan with what is used and left of it.</summary>
/// <param name="Plan">The plan's name.</param>
/// <param name="IsOverridden">True if an operator changed the caller's plan.</param>
/// <param name="Policies">One entry a policy, from the shortest window to the longest.</param>
public sealed record QuotaUsage(string Plan, bool IsOverridden, ImmutableArray<PolicyUsage> Policies);

/// <summary>One policy as it stands.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Window">Over what it is counted.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Limit">The amount of a window.</param>
/// <param name="Used">Units used or leased by instances: never less than what was used; of burst and concurrency, used on this instance.</param>
/// <param name="Left">Units that can still be had; never more than that. 0 for a shadow policy that is over its amount.</param>
/// <param name="ResetAt">When the window ends by the storage service's clock; null for burst and concurrency.</param>
/// <param name="IsShadow">True if it is counted and not enforced.</param>
/// <param name="Leases">Instances that lease from the counter, for operators.</param>
public sealed record PolicyUsage(
    string Name,
    PolicyWindow Window,
    QuotaUnit Unit,
    long Limit,
    long Used,
    long Left,
    DateTimeOffset? ResetAt,
    bool IsShadow,
    ImmutableArray<LeaseUsage> Leases);

/// <summary>One instance's lease, as its last update said.</summary>
/// <param name="Id">The lease's name: it is new with each process.</param>
/// <param name="Lent">Units granted to it and not returned.</param>
/// <param name="Held">At most this many of them are unspent; this is what a crash of the instance leaves behind.</param>
/// <param name="At">When it wrote last.</param>
public sealed record LeaseUsage(string Id, long Lent, long Held, DateTimeOffset At);
