using System.Security.Cryptography;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;

namespace FuncAiSecure.Core.Secrets;

/// <summary>Makes the one <see cref="SecretClient"/> of a process from <see cref="VaultOptions"/>.</summary>
public static class VaultClientFactory
{
    /// <summary>
    /// Makes the client. It never retries by itself: callers decide when the vault is asked again, so that a throttled or
    /// absent vault is not asked more often than they allow.
    /// </summary>
    /// <exception cref="SettingsException">The options are not valid; the message names each fault.</exception>
    public static SecretClient Create(VaultOptions options, TimeProvider time)
    {
        var validity = new VaultCredentialValidator().Validate(null, options);
        if (validity.Failed || options.Uri is null)
        {
            throw new SettingsException(validity.FailureMessage ?? $"{VaultOptions.SectionName}:{nameof(options.Uri)} is required.");
        }

        var clientOptions = new SecretClientOptions();
        clientOptions.Retry.MaxRetries = 0;
        clientOptions.Retry.NetworkTimeout = options.Timeout;
        clientOptions.Diagnostics.IsLoggingContentEnabled = false;
        clientOptions.Diagnostics.IsTelemetryEnabled = false;
        return new SecretClient(options.Uri, CreateCredential(options, clientOptions, time), clientOptions);
    }

    private static TokenCredential CreateCredential(VaultOptions options, SecretClientOptions clientOptions, TimeProvider time)
    {
        if (options.Credential == VaultCredentialKind.ManagedIdentity)
        {
            return new ManagedIdentityCredential(options.ManagedIdentityClientId is { Length: > 0 } id
                ? ManagedIdentityId.FromUserAssignedClientId(id)
                : ManagedIdentityId.SystemAssigned);
        }

        // The service's challenge names vault.azure.net, which a loopback address can never match; the pinned certificate
        // says instead, and more strictly, who is spoken to.
        clientOptions.DisableChallengeResourceVerification = true;
        clientOptions.Transport = new HttpClientTransport(Pin(options.LocalCertificateFile!));
        return new LocalVaultCredential(options.LocalTokenFile!, time);
    }

    private static SocketsHttpHandler Pin(string certificateFile)
    {
        try
        {
            return PinnedCertificate.CreateHandler(certificateFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException(
                $"{VaultOptions.SectionName}:{nameof(VaultOptions.LocalCertificateFile)}: {certificateFile} cannot be read as a certificate in PEM.");
        }
    }
}
