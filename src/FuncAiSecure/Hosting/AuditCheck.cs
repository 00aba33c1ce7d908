using FuncAiSecure.Core.Audit;

namespace FuncAiSecure.Hosting;

/// <summary>The audit trail takes records: without its secret every request would be refused.</summary>
internal sealed class AuditCheck(AuditTrail trail) : IReadinessCheck
{
    /// <inheritdoc />
    public string Name => "audit";

    /// <inheritdoc />
    public ValueTask<bool> IsReadyAsync(CancellationToken cancellation) => new(trail.IsReady);
}
