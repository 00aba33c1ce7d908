using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FuncAiSecure.Core.Identity.Throttling;
using FuncAiSecure.Core.Identity.Tokens;

namespace FuncAiSecure.Core.Identity.Certificates;

/// <summary>
/// Decides about client certificates that a trusted front end passes on: chain to the configured roots and no others, validity,
/// client-authentication usage, revocation, and an entry that says whose it is. The front end has seen the key proven.
/// </summary>
internal sealed class CertificateAuthenticator
{
    private const int MaxLength = 16_384;
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan Remember = TimeSpan.FromMinutes(5);

    private readonly TwoGenerationCache<SeenCertificate> _seen = new(1_000);
    private readonly X509Certificate2Collection _roots = [];
    private readonly CertificatesOptions _options;
    private readonly CredentialFailures _failures;
    private readonly TimeProvider _time;

    public CertificateAuthenticator(CertificatesOptions options, CredentialFailures failures, TimeProvider time)
    {
        _options = options;
        _failures = failures;
        _time = time;
        foreach (var file in options.RootFiles)
        {
            _roots.ImportFromPemFile(file);
        }
    }

    /// <summary>Authenticates a certificate given as base64 of its DER form.</summary>
    public ValueTask<AuthenticationResult> AuthenticateAsync(string text, IPAddress source, CancellationToken cancellationToken)
    {
        if (_roots.Count == 0 || text.Length is 0 or > MaxLength || !System.Text.Ascii.IsValid(text))
        {
            return new(_failures.Refuse(source));
        }

        var digest = Digest256.Of(text);
        if (_seen.TryGet(digest, out var seen) && _time.GetUtcNow() < seen!.Until)
        {
            return new(seen.Principal);
        }

        // Building a chain may ask the network for revocation lists: never on a thread that serves others.
        return _failures.IsBlocked(source)
            ? new(IdentityRefusals.Throttled)
            : new(Task.Run(() => Validate(text, digest, source), cancellationToken));
    }

    private AuthenticationResult Validate(string text, Digest256 digest, IPAddress source)
    {
        using var certificate = TryLoad(text);
        if (certificate is null || FindMapping(certificate) is not { } mapping || !IsTrusted(certificate))
        {
            return _failures.Refuse(source);
        }

        var principal = ToPrincipal(mapping, certificate);
        var now = _time.GetUtcNow();
        var ends = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        _seen.Set(digest, new SeenCertificate(principal, ends < now + Remember ? ends : now + Remember));
        return principal;
    }

    private bool IsTrusted(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.RevocationMode = _options.RevocationMode;
        chain.ChainPolicy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        chain.ChainPolicy.UrlRetrievalTimeout = TimeSpan.FromSeconds(5);
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().LocalDateTime;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));

        // A certificate that states no usage counts for every one to the chain; here the usage must be stated.
        return StatesClientUsage(certificate) && chain.Build(certificate);
    }

    private static bool StatesClientUsage(X509Certificate2 certificate) => certificate.Extensions
        .OfType<X509EnhancedKeyUsageExtension>()
        .Any(usage => usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == ClientAuthentication));

    private CertificateMappingOptions? FindMapping(X509Certificate2 certificate)
    {
        var thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        return Array.Find(_options.Mappings, mapping =>
            (mapping.Thumbprint is null || string.Equals(mapping.Thumbprint, thumbprint, StringComparison.OrdinalIgnoreCase))
            && (string.IsNullOrEmpty(mapping.Subject) || string.Equals(mapping.Subject, certificate.Subject, StringComparison.Ordinal)));
    }

    private static Principal ToPrincipal(CertificateMappingOptions mapping, X509Certificate2 certificate)
    {
        var roles = Roles.None;
        foreach (var name in mapping.Roles)
        {
            roles |= RoleNames.TryParse(name, out var role) ? role : Roles.None;
        }

        return new Principal
        {
            Id = PrincipalId.TryParse(mapping.Principal, out var id) ? id : throw new InvalidOperationException("Options are checked at start."),
            CredentialKind = CredentialKind.Certificate,
            CredentialId = certificate.GetCertHashString(HashAlgorithmName.SHA256),
            Roles = roles,
            Models = [.. mapping.Models],
            Plan = mapping.Plan,
        };
    }

    private static X509Certificate2? TryLoad(string text)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text));
        }
        catch (Exception malformed) when (malformed is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private sealed record SeenCertificate(Principal Principal, DateTimeOffset Until);
}
