namespace FuncAiSecure.Core.Guards.Pii.Checks;

/// <summary>Which lengths a card number of an issuer range has.</summary>
internal static class CardIssuers
{
    /// <summary>Whether the digits have an issuer's prefix and length.</summary>
    public static bool Fits(ReadOnlySpan<char> digits)
    {
        int length = digits.Length;
        if (length is < 12 or > 19)
        {
            return false;
        }

        int six = 0;
        foreach (char c in digits[..6])
        {
            six = (six * 10) + (c - '0');
        }

        return (six / 10_000, six / 1_000, six / 100, six / 100_000) switch
        {
            (34 or 37, _, _, _) => length == 15,
            (36 or 38 or 39, _, _, _) => length is >= 14 and <= 19,
            (_, >= 300 and <= 305, _, _) => length is >= 14 and <= 19,
            (_, _, 2131 or 1800, _) => length == 15,
            (_, _, >= 3528 and <= 3589, _) => length is >= 16 and <= 19,
            (_, _, >= 2221 and <= 2720, _) => length == 16,
            (_, _, >= 2200 and <= 2204, _) => length is >= 16 and <= 19,
            (>= 51 and <= 55, _, _, _) => length == 16,
            (62 or 65 or 60 or 81, _, _, _) or (_, >= 644 and <= 649, _, _) => length is >= 16 and <= 19,
            (50 or (>= 56 and <= 58) or 61 or 63 or (>= 66 and <= 69), _, _, _) => length is >= 12 and <= 19,
            (_, _, _, 4) => length is 13 or 16 or 19,
            _ => false,
        };
    }
}
