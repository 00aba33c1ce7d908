using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FuncAiSecure.Core.Secrets;

/// <summary>
/// A message handler that accepts exactly one server certificate, byte for byte, and no other however well signed.
/// It widens nothing outside itself: no store is changed, and every other client judges as before.
/// </summary>
internal static class PinnedCertificate
{
    /// <summary>Makes a handler for the certificate in a PEM file.</summary>
    public static SocketsHttpHandler CreateHandler(string certificateFile)
    {
        var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(certificateFile));
        var pinned = certificate.RawData;
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            SslOptions = new SslClientAuthenticationOptions
            {
                // The callback alone decides. Without a policy of its own the chain would be built first from every root of the system.
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { certificate },
                    RevocationMode = X509RevocationMode.NoCheck,
                    DisableCertificateDownloads = true,
                },
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                    shown is not null && CryptographicOperations.FixedTimeEquals(shown.GetRawCertData(), pinned),
            },
        };
    }
}
