using FuncAiSecure.Core.Identity.Certificates;
using FuncAiSecure.Core.Identity.Tokens;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Quotas.Plans;

/// <summary>A plan that a token's role or a certificate grants must be a plan: a name that none has would refuse its callers everything.</summary>
internal sealed class GrantedPlansValidator(IOptions<QuotaOptions> quotas) : IValidateOptions<TokensOptions>, IValidateOptions<CertificatesOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, TokensOptions options) => Check(
        from issuer in options.Issuers.Index()
        from grant in issuer.Item.Grants.Index()
        select ($"{TokensOptions.SectionName}:Issuers:{issuer.Index}:Grants:{grant.Index}:Plan", grant.Item.Plan));

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, CertificatesOptions options) => Check(
        from mapping in options.Mappings.Index()
        select ($"{CertificatesOptions.SectionName}:Mappings:{mapping.Index}:Plan", mapping.Item.Plan));

    private ValidateOptionsResult Check(IEnumerable<(string Setting, string? Plan)> granted)
    {
        var named = granted.Where(grant => grant.Plan is not null).ToList();
        if (named.Count == 0)
        {
            return ValidateOptionsResult.Success;
        }

        var plans = new PlanCatalog(quotas.Value);
        var faults = named.Where(grant => !plans.Names.Contains(grant.Plan)).Select(grant => $"{grant.Setting} is no configured plan.").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
