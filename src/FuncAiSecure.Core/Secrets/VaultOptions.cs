using System.ComponentModel.DataAnnotations;

namespace FuncAiSecure.Core.Secrets;

/// <summary>Which vault holds the secrets, and by what credential the application reads it. Holds no secret itself.</summary>
public sealed class VaultOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Vault";

    /// <value>The vault's address, https only; required.</value>
    [Required]
    public Uri? Uri { get; set; }

    /// <value>How the application proves itself to the vault. Default: its managed identity.</value>
    [EnumDataType(typeof(VaultCredentialKind))]
    public VaultCredentialKind Credential { get; set; } = VaultCredentialKind.ManagedIdentity;

    /// <value>The client id of a user-assigned identity; null (the default) is the system-assigned one.</value>
    public string? ManagedIdentityClientId { get; set; }

    /// <value>For the local vault: the file that holds its bearer token.</value>
    public string? LocalTokenFile { get; set; }

    /// <value>For the local vault: the PEM file of the one certificate that this client trusts.</value>
    public string? LocalCertificateFile { get; set; }

    /// <value>How long one call to the vault may take, 1 to 60 s. Default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>The kinds of credential for the vault. One is chosen; nothing is probed.</summary>
public enum VaultCredentialKind
{
    /// <summary>The managed identity of the function app.</summary>
    ManagedIdentity,

    /// <summary>The token file and the pinned certificate of the local vault; accepted for loopback addresses only.</summary>
    LocalVault,
}
