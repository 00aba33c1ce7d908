using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Plans;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Monitoring.Behaviour;

/// <summary>The lower plan must be a plan: a name that no plan has would refuse its principals everything.</summary>
internal sealed class BehaviourOptionsValidator(IOptions<QuotaOptions> quotas) : IValidateOptions<BehaviourOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, BehaviourOptions options) =>
        options.LowerPlan is not { } plan || new PlanCatalog(quotas.Value).Names.Contains(plan)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{BehaviourOptions.SectionName}:{nameof(BehaviourOptions.LowerPlan)} is no configured plan.");
}
