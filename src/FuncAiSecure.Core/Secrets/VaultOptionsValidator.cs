using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Secrets;

/// <summary>Checks the annotated ranges of <see cref="VaultOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class VaultOptionsValidator : IValidateOptions<VaultOptions>;

/// <summary>Checks that credential kind, address and files of <see cref="VaultOptions"/> agree, and names every fault.</summary>
internal sealed class VaultCredentialValidator : IValidateOptions<VaultOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, VaultOptions options)
    {
        var faults = new List<string>();
        if (options.Uri is { } uri && (!uri.IsAbsoluteUri || uri.Scheme != Uri.UriSchemeHttps))
        {
            faults.Add($"{VaultOptions.SectionName}:{nameof(options.Uri)} must be an absolute https address.");
        }

        var hasLocalFiles = options.LocalTokenFile is not null || options.LocalCertificateFile is not null;
        if (options.Credential == VaultCredentialKind.LocalVault)
        {
            AddLocalFaults(options, faults);
        }
        else if (hasLocalFiles)
        {
            faults.Add($"{VaultOptions.SectionName}: the local vault's files are set but {nameof(options.Credential)} is not "
                + $"{VaultCredentialKind.LocalVault}.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void AddLocalFaults(VaultOptions options, List<string> faults)
    {
        if (options.Uri is { IsAbsoluteUri: true, IsLoopback: false })
        {
            faults.Add($"{VaultOptions.SectionName}:{nameof(options.Credential)} {VaultCredentialKind.LocalVault} is for loopback addresses only.");
        }

        if (string.IsNullOrEmpty(options.LocalTokenFile))
        {
            faults.Add($"{VaultOptions.SectionName}:{nameof(options.LocalTokenFile)} is required for {VaultCredentialKind.LocalVault}.");
        }

        if (string.IsNullOrEmpty(options.LocalCertificateFile))
        {
            faults.Add($"{VaultOptions.SectionName}:{nameof(options.LocalCertificateFile)} is required for {VaultCredentialKind.LocalVault}.");
        }
    }
}
