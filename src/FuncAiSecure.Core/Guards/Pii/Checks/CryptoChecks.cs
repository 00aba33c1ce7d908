using System.Security.Cryptography;

namespace FuncAiSecure.Core.Guards.Pii.Checks;

/// <summary>Checksums of crypto currency addresses.</summary>
internal static class CryptoChecks
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const string Bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    /// <summary>Base58Check of 25 bytes: the last four equal the start of SHA-256 taken twice.</summary>
    public static bool Base58Check(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[25];
        bytes.Clear();
        foreach (char c in text)
        {
            int carry = Base58.IndexOf(c, StringComparison.Ordinal);
            if (carry < 0)
            {
                return false;
            }

            for (int i = bytes.Length - 1; i >= 0; i--)
            {
                carry += bytes[i] * 58;
                bytes[i] = (byte)carry;
                carry >>= 8;
            }

            if (carry != 0)
            {
                return false;
            }
        }

        Span<byte> hash = stackalloc byte[32];
        _ = SHA256.HashData(bytes[..21], hash);
        _ = SHA256.HashData(hash, hash);
        return hash[..4].SequenceEqual(bytes[21..]);
    }

    /// <summary>Bech32 (BIP 173) and Bech32m (BIP 350) of a bitcoin address.</summary>
    public static bool Bech32(ReadOnlySpan<char> text)
    {
        // The prefix "bc", expanded: high bits, zero, low bits.
        uint check = 1;
        foreach (byte value in (ReadOnlySpan<byte>)[3, 3, 0, 2, 3])
        {
            check = Step(check, value);
        }

        foreach (char c in text[3..])
        {
            int value = Bech32Alphabet.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            check = Step(check, (uint)value);
        }

        return check is 1 or 0x2bc830a3;
    }

    private static uint Step(uint check, uint value)
    {
        uint top = check >> 25;
        check = ((check & 0x1ffffff) << 5) ^ value;
        check ^= (top & 1) != 0 ? 0x3b6a57b2u : 0;
        check ^= (top & 2) != 0 ? 0x26508e6du : 0;
        check ^= (top & 4) != 0 ? 0x1ea119fau : 0;
        check ^= (top & 8) != 0 ? 0x3d4233ddu : 0;
        return check ^ ((top & 16) != 0 ? 0x2a1462b3u : 0);
    }
}
