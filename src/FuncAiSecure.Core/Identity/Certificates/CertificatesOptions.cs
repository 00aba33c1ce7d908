using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography.X509Certificates;
using FuncAiSecure.Core.Identity.Access;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Identity.Certificates;

/// <summary>Which client certificates are believed. No root: none is.</summary>
public sealed class CertificatesOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Certificates";

    /// <value>PEM files of the roots that client certificates must lead to. Default: none, and the header is not read.</value>
    [MaxLength(16)]
    public string[] RootFiles { get; set; } = [];

    /// <value>The header in which a trusted front end passes the certificate on. Default <c>X-ARR-ClientCert</c>.</value>
    [Required]
    [RegularExpression("[A-Za-z0-9-]{1,64}")]
    public string Header { get; set; } = "X-ARR-ClientCert";

    /// <value>How revocation is looked up. Default <c>Online</c>: a list that cannot be had refuses the certificate.</value>
    [EnumDataType(typeof(X509RevocationMode))]
    public X509RevocationMode RevocationMode { get; set; } = X509RevocationMode.Online;

    /// <value>Whom certificates belong to. One that no entry names is refused.</value>
    [ValidateEnumeratedItems]
    [MaxLength(256)]
    public CertificateMappingOptions[] Mappings { get; set; } = [];
}

/// <summary>Whom one certificate, or all with one subject, belong to.</summary>
public sealed class CertificateMappingOptions
{
    /// <value>SHA-256 of the DER form as 64 hex digits; or null, if the subject decides.</value>
    [RegularExpression("[0-9a-fA-F]{64}")]
    public string? Thumbprint { get; set; }

    /// <value>The whole subject, as <c>CN=name, O=organisation</c>; or null, if the thumbprint decides. Both given: both must fit.</value>
    public string? Subject { get; set; }

    /// <value>Whom it is for.</value>
    [Required]
    public string Principal { get; set; } = "";

    /// <value>Roles by their wire names.</value>
    public string[] Roles { get; set; } = [];

    /// <value>Model patterns.</value>
    public string[] Models { get; set; } = [];

    /// <value>The quota plan.</value>
    public string? Plan { get; set; }
}

/// <summary>Checks the annotated ranges of <see cref="CertificatesOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class CertificatesOptionsValidator : IValidateOptions<CertificatesOptions>;

/// <summary>Checks what annotations cannot say about roots and mappings.</summary>
internal sealed class CertificateMappingsValidator : IValidateOptions<CertificatesOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, CertificatesOptions options)
    {
        var faults = options.Mappings
            .Select((mapping, index) => (mapping, index))
            // An empty one passes the annotation, and fits no certificate.
            .Where(item => item.mapping.Thumbprint is ""
                || (item.mapping.Thumbprint is null && string.IsNullOrEmpty(item.mapping.Subject))
                || !PrincipalId.TryParse(item.mapping.Principal, out _)
                || !item.mapping.Roles.All(role => RoleNames.TryParse(role, out _))
                || !item.mapping.Models.All(ModelPattern.IsValid))
            .Select(item => $"{CertificatesOptions.SectionName}:{nameof(options.Mappings)}:{item.index} needs a thumbprint or a subject, "
                + "a principal, known roles and well-formed model patterns.")
            .ToList();
        if (options.Mappings.DistinctBy(mapping => (mapping.Thumbprint?.ToUpperInvariant(), mapping.Subject ?? "")).Count() < options.Mappings.Length)
        {
            faults.Add($"{CertificatesOptions.SectionName}:{nameof(options.Mappings)}: two entries name the same certificate; the second would never count.");
        }

        faults.AddRange(options.RootFiles.Index().Where(item => !PemCertificates.AreIn(item.Item))
            .Select(item => $"{CertificatesOptions.SectionName}:{nameof(options.RootFiles)}:{item.Index} {PemCertificates.Fault}"));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
