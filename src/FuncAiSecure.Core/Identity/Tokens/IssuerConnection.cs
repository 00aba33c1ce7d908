using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>Makes the HTTP client for an issuer's documents: no redirects, short, bounded, and on request a private root.</summary>
internal static class IssuerConnection
{
    private const int MaxDocument = 512 * 1024;

    /// <summary>A client for one issuer; it lives as long as the process.</summary>
    public static HttpClient Create(TokenIssuerOptions issuer)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        if (issuer.CertificateFile is { Length: > 0 } file)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(File.ReadAllText(file)));
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = MaxDocument };
    }
}
