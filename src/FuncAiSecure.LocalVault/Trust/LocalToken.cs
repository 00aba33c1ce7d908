using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FuncAiSecure.LocalVault.Trust;

/// <summary>The one bearer token of the local vault: who can read its file is who may use the vault.</summary>
internal sealed class LocalToken
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _digest;

    private LocalToken(byte[] token) => _digest = SHA256.HashData(token);

    /// <summary>Reads the token from its file, or makes a new one of 256 random bits.</summary>
    public static LocalToken LoadOrCreate(string file)
    {
        if (!File.Exists(file))
        {
            PrivateFiles.Write(file, Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))));
        }

        return new LocalToken(Encoding.UTF8.GetBytes(File.ReadAllText(file).Trim()));
    }

    /// <summary>Is this <c>Authorization</c> field the token? Compared as digests, in constant time.</summary>
    public bool Accepts(string? authorization) =>
        authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true
        && CryptographicOperations.FixedTimeEquals(_digest, SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..])));
}
