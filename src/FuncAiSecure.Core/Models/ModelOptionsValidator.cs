using FuncAiSecure.Core.Models.Integrity;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Models;

/// <summary>Checks the annotated ranges of <see cref="ModelOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class ModelOptionsValidator : IValidateOptions<ModelOptions>;

/// <summary>Checks that the keys of <see cref="ModelOptions"/> are keys, and that there is one where signatures are required.</summary>
internal sealed class ModelKeysValidator : IValidateOptions<ModelOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        try
        {
            var trust = ModelTrust.FromOptions(options, AppContext.BaseDirectory);
            return trust.RequireSigned && !trust.KeyIds.Any()
                ? ValidateOptionsResult.Fail("RequireSignatures is true and there is no public key: no model could be served.")
                : ValidateOptionsResult.Success;
        }
        catch (Exception e) when (ModelTrust.IsUnreadable(e))
        {
            return ValidateOptionsResult.Fail("PublicKeys and PublicKeyFiles must be P-256 public keys, as PEM or base64 of SubjectPublicKeyInfo.");
        }
    }
}
