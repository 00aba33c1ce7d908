using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FuncAiSecure.Core.Identity;

/// <summary>Tells at start what would else fail every request, without the setting's name.</summary>
internal static class PemCertificates
{
    /// <summary>How a setting's fault is said, behind its name.</summary>
    public const string Fault = "is not there, cannot be read or holds no certificate in PEM.";

    /// <summary>Whether a file can be read and holds a certificate.</summary>
    public static bool AreIn(string file)
    {
        X509Certificate2Collection found = [];
        try
        {
            found.ImportFromPemFile(file);
            return found.Count > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return false;
        }
        finally
        {
            foreach (var certificate in found)
            {
                certificate.Dispose();
            }
        }
    }
}
