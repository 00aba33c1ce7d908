namespace FuncAiSecure.Core.Guards.Pii.Checks;

/// <summary>Check digits over plain ASCII digits.</summary>
internal static class Checksums
{
    private static readonly byte[,] Dihedral = MakeDihedral();
    private static readonly byte[,] Permutation = MakePermutation();

    /// <summary>Luhn (ISO/IEC 7812-1 annex B).</summary>
    public static bool Luhn(ReadOnlySpan<char> digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? (2 * digit) - 9 : 2 * digit;
        }

        return digits.Length > 0 && sum % 10 == 0;
    }

    /// <summary>The check digit of article numbers (GS1 General Specifications 7.9): weights 3 and 1 in turn from the right, before the check digit.</summary>
    public static bool Gtin(ReadOnlySpan<char> digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            sum += (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 1 : 3);
        }

        return digits.Length > 0 && sum % 10 == 0;
    }

    /// <summary>ISO 7064 mod 97-10 over an IBAN without blanks, any case: the first four signs moved to the end give 1.</summary>
    public static bool Mod97(ReadOnlySpan<char> iban)
    {
        int rest = 0;
        for (int i = 0; i < iban.Length; i++)
        {
            char c = iban[(i + 4) % iban.Length];
            rest = char.IsAsciiDigit(c) ? ((rest * 10) + (c - '0')) % 97 : ((rest * 100) + ((c | 0x20) - 'a' + 10)) % 97;
        }

        return rest == 1;
    }

    /// <summary>Verhoeff's dihedral check (Aadhaar).</summary>
    public static bool Verhoeff(ReadOnlySpan<char> digits)
    {
        int check = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            check = Dihedral[check, Permutation[i % 8, digits[^(i + 1)] - '0']];
        }

        return check == 0;
    }

    /// <summary>The weighted sum of the first digits.</summary>
    public static int Weighted(ReadOnlySpan<char> digits, ReadOnlySpan<int> weights)
    {
        int sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += (digits[i] - '0') * weights[i];
        }

        return sum;
    }

    /// <summary>Whether all signs are the same one: formally valid, never issued.</summary>
    public static bool AllEqual(ReadOnlySpan<char> digits) => !digits.ContainsAnyExcept(digits[0]);

    private static byte[,] MakeDihedral()
    {
        byte[,] table = new byte[10, 10];
        for (int a = 0; a < 10; a++)
        {
            for (int b = 0; b < 10; b++)
            {
                // The dihedral group of the pentagon: 0-4 rotations, 5-9 reflections.
                table[a, b] = (byte)(a < 5
                    ? b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)
                    : b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 5) % 5);
            }
        }

        return table;
    }

    private static byte[,] MakePermutation()
    {
        byte[] one = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        byte[,] table = new byte[8, 10];
        for (int digit = 0; digit < 10; digit++)
        {
            table[0, digit] = (byte)digit;
            for (int round = 1; round < 8; round++)
            {
                table[round, digit] = one[table[round - 1, digit]];
            }
        }

        return table;
    }
}
