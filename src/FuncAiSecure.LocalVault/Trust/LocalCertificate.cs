using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FuncAiSecure.LocalVault.Trust;

/// <summary>The server's certificate, made on this machine and trusted by nobody who does not pin it.</summary>
internal static class LocalCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>Loads the certificate and its key from two PEM files, or makes both anew when absent, about to lapse or no pair.</summary>
    public static X509Certificate2 LoadOrCreate(string certificateFile, string keyFile, TimeProvider time)
    {
        var known = TryLoad(certificateFile, keyFile);
        if (known?.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime > RenewBefore)
        {
            return known!;
        }

        known?.Dispose();

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = Create(key, time.GetUtcNow());
        PrivateFiles.Write(keyFile, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        PrivateFiles.Write(certificateFile, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
        return certificate;
    }

    private static X509Certificate2? TryLoad(string certificateFile, string keyFile)
    {
        try
        {
            return File.Exists(certificateFile) && File.Exists(keyFile) ? X509Certificate2.CreateFromPemFile(certificateFile, keyFile) : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // A renewal that ends between its two files leaves a new key beside an old certificate. Clients read the file at every start.
            return null;
        }
    }

    private static X509Certificate2 Create(ECDsa key, DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=FuncAiSecure local vault", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "server authentication")], critical: false));
        return request.CreateSelfSigned(now - TimeSpan.FromMinutes(5), now + Lifetime);
    }
}
