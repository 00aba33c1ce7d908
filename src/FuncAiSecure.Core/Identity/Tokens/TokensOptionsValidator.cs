using FuncAiSecure.Core.Identity.Access;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>Checks the annotated ranges of <see cref="TokensOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class TokensOptionsValidator : IValidateOptions<TokensOptions>;

/// <summary>Checks what annotations cannot say about issuers, and names every fault.</summary>
internal sealed class TokenIssuersValidator : IValidateOptions<TokensOptions>
{
    private static readonly string[] Asymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, TokensOptions options)
    {
        var faults = new List<string>();
        for (var i = 0; i < options.Issuers.Length; i++)
        {
            Check(options.Issuers[i], $"{TokensOptions.SectionName}:Issuers:{i}", faults);
        }

        AddIf(options.Issuers.DistinctBy(issuer => issuer.Issuer).Count() < options.Issuers.Length, "an issuer is listed twice");
        AddIf(options.Issuers.DistinctBy(issuer => issuer.Name).Count() < options.Issuers.Length, "two issuers have one name");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void AddIf(bool faulty, string message)
        {
            if (faulty)
            {
                faults.Add($"{TokensOptions.SectionName}: {message}.");
            }
        }
    }

    private static void Check(TokenIssuerOptions issuer, string path, List<string> faults)
    {
        if (!Uri.TryCreate(issuer.Issuer, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
        {
            faults.Add($"{path}:Issuer must be an absolute https address.");
        }

        if (issuer.Audiences.Length == 0 || issuer.Audiences.Any(string.IsNullOrWhiteSpace))
        {
            faults.Add($"{path}:Audiences must name at least one audience, and none that is empty.");
        }

        if (issuer.Algorithms.Except(Asymmetric, StringComparer.Ordinal).Any())
        {
            faults.Add($"{path}:Algorithms must be of {string.Join(", ", Asymmetric)}.");
        }

        if (issuer.CertificateFile is { Length: > 0 } file && !PemCertificates.AreIn(file))
        {
            faults.Add($"{path}:CertificateFile {PemCertificates.Fault}");
        }

        // Which of two should hold, or whether both, is not guessed at: united, each would reach the models of the other.
        foreach (var role in issuer.Grants.CountBy(grant => grant.Role, StringComparer.Ordinal).Where(role => role.Value > 1))
        {
            faults.Add($"{path}:Grants: the role '{role.Key}' is granted twice; one grant may list several Roles and Models.");
        }

        foreach (var grant in issuer.Grants)
        {
            if (!grant.Roles.All(role => RoleNames.TryParse(role, out _)) || !grant.Models.All(ModelPattern.IsValid))
            {
                faults.Add($"{path}:Grants: the grant of '{grant.Role}' names an unknown role or a malformed model pattern.");
            }
        }
    }
}
