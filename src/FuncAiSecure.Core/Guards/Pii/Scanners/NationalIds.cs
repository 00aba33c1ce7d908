using System.Buffers;
using FuncAiSecure.Core.Guards.Pii.Checks;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>
/// National identity numbers, one row a kind: shape (9 a digit, A a letter, others themselves),
/// the check over the signs without separators, and the words that must stand before it where the check alone is weak.
/// </summary>
internal static class NationalIds
{
    // One of ten numbers of this form passes the check: groups of a longer number do too often.
    private const string Aadhaar = "9999 9999 9999";

    private delegate bool Check(ReadOnlySpan<char> compact);

    private static readonly SearchValues<string> TaxContext = Nearby.Words(["steuer", "idnr", "tax id", "tin"]);

    private static readonly SearchValues<string> CanadianContext = Nearby.Words(["sin ", "sin:", "sin#", "sin=", "sin\"", "social insurance"]);

    private static readonly SearchValues<string> RussianPassport = Nearby.Words(["паспорт"]);

    private static readonly Row[] Rows =
    [
        new(PiiKind.UkNino, "AA 99 99 99 A", Nino, null),
        new(PiiKind.UkNino, "AA999999A", Nino, null),
        new(PiiKind.NationalId, "99999999A", SpanishDni, null),
        new(PiiKind.NationalId, "99999999-A", SpanishDni, null),
        new(PiiKind.NationalId, "99.999.999-A", SpanishDni, null),
        new(PiiKind.NationalId, "A9999999A", SpanishNie, null),
        new(PiiKind.NationalId, "A-9999999-A", SpanishNie, null),
        new(PiiKind.NationalId, "A9999999-A", SpanishNie, null),
        new(PiiKind.NationalId, "AAAAAA99A99A999A", ItalianFiscalCode, null),
        new(PiiKind.NationalId, "999.999.999-99", BrazilianCpf, null),
        new(PiiKind.NationalId, "99999999999", BrazilianCpf, Nearby.Words(["cpf"])),
        new(PiiKind.NationalId, "99999999999", PolishPesel, Nearby.Words(["pesel"])),
        new(PiiKind.NationalId, "99999999999", TurkishId, Nearby.Words(["kimlik", "tckn", "t.c."])),
        new(PiiKind.NationalId, "99999999999", GermanTaxId, TaxContext),
        new(PiiKind.NationalId, "99 999 999 999", GermanTaxId, TaxContext),
        new(PiiKind.NationalId, "999999999", DutchBsn, Nearby.Words(["bsn", "burgerservice", "sofi"])),
        new(PiiKind.NationalId, "999999-9999", static c => Checksums.Luhn(c), Nearby.Words(["personnummer", "pnr", "personal number", "id"])),
        new(PiiKind.NationalId, "99999999-9999", static c => Checksums.Luhn(c[2..]), Nearby.Words(["personnummer", "pnr", "personal number"])),
        new(PiiKind.NationalId, "999999-999A", FinnishHetu, null),
        new(PiiKind.NationalId, Aadhaar, static c => c[0] > '1' && Checksums.Verhoeff(c), null),
        new(PiiKind.NationalId, "999999999999", static c => c[0] > '1' && Checksums.Verhoeff(c), Nearby.Words(["aadhaar", "aadhar", "uidai"])),
        new(PiiKind.NationalId, "AAAAA9999A", static c => "PCHFATBLJG".Contains(char.ToUpperInvariant(c[3]), StringComparison.Ordinal), Nearby.Words(["pan", "permanent account"])),
        new(PiiKind.NationalId, "999 999 999", static c => Checksums.Luhn(c), CanadianContext),
        new(PiiKind.NationalId, "999-999-999", static c => Checksums.Luhn(c), CanadianContext),
        new(PiiKind.NationalId, "99999999999999999A", ChineseId, null),
        new(PiiKind.NationalId, "999999999999999999", ChineseId, null),
        new(PiiKind.NationalId, "999 999 999", AustralianTfn, Nearby.Words(["tfn", "tax file"])),
        new(PiiKind.NationalId, "999999999", AustralianTfn, Nearby.Words(["tfn", "tax file"])),
        new(PiiKind.NationalId, "999999-9999999", KoreanRrn, null),
        new(PiiKind.Passport, "99 99 999999", static _ => true, RussianPassport),
        new(PiiKind.Passport, "9999 999999", static _ => true, RussianPassport),
        new(PiiKind.NationalId, "9 99 99 99 999 999 99", FrenchNir, null),
        new(PiiKind.NationalId, "999999999999999", FrenchNir, null),
    ];

    // By the digits that a number begins with: of most words no row has so many.
    private static readonly Row[][] ByDigits = [.. Enumerable.Range(0, Rows.Max(row => DigitsOf(row.Shape)) + 1).Select(count => Rows.Where(row => DigitsOf(row.Shape) == count).ToArray())];

    /// <summary>Looks at the word that begins at <paramref name="at"/>; returns the number's end, or 0.</summary>
    public static int At(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        int digits = text[at..].IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length - at : digits;
        if (digits >= ByDigits.Length)
        {
            return 0;
        }

        Span<char> compact = stackalloc char[24];
        foreach ((PiiKind kind, string shape, Check valid, SearchValues<string>? context) in ByDigits[digits])
        {
            int length = Match(text[at..], shape, compact, out int have);
            if (length > 0 && !(shape == Aadhaar && IsOfLonger(text, at, at + length))
                && (context is null || Nearby.Precedes(text, at, context, 40)) && !Checksums.AllEqual(compact[..have]) && valid(compact[..have]))
            {
                sink.Add(at, length, kind, Certainty.Proof);
                return at + length;
            }
        }

        return 0;
    }

    private static bool IsOfLonger(ReadOnlySpan<char> text, int at, int end) =>
        (at > 1 && text[at - 1] is ' ' or '-' && char.IsAsciiDigit(text[at - 2])) || (end + 1 < text.Length && text[end] is ' ' or '-' && char.IsAsciiDigit(text[end + 1]));

    private static int DigitsOf(string shape) => shape.AsSpan().IndexOfAnyExcept('9') is >= 0 and int digits ? digits : shape.Length;

    private static int Match(ReadOnlySpan<char> text, string shape, Span<char> compact, out int have)
    {
        have = 0;
        if (text.Length < shape.Length)
        {
            return 0;
        }

        for (int i = 0; i < shape.Length; i++)
        {
            char c = text[i];
            bool fits = shape[i] switch { '9' => char.IsAsciiDigit(c), 'A' => char.IsAsciiLetter(c), char sign => c == sign };
            if (!fits)
            {
                return 0;
            }

            if (char.IsAsciiLetterOrDigit(c))
            {
                compact[have++] = c;
            }
        }

        return PiiScanner.RunsOn(text, shape.Length) ? 0 : shape.Length;
    }

    private static bool Nino(ReadOnlySpan<char> c)
    {
        char first = char.ToUpperInvariant(c[0]), second = char.ToUpperInvariant(c[1]), last = char.ToUpperInvariant(c[8]);
        return !"DFIQUV".Contains(first, StringComparison.Ordinal) && !"DFIQUVO".Contains(second, StringComparison.Ordinal) && last is >= 'A' and <= 'D'
            && (first, second) is not (('B', 'G') or ('G', 'B') or ('N', 'K') or ('K', 'N') or ('T', 'N') or ('N', 'T') or ('Z', 'Z'));
    }

    private static long Number(ReadOnlySpan<char> digits)
    {
        long value = 0;
        foreach (char c in digits)
        {
            value = (value * 10) + (c - '0');
        }

        return value;
    }

    private static bool SpanishDni(ReadOnlySpan<char> c) => "TRWAGMYFPDXBNJZSQVHLCKE"[(int)(Number(c[..8]) % 23)] == char.ToUpperInvariant(c[8]);

    private static bool SpanishNie(ReadOnlySpan<char> c)
    {
        int first = "XYZ".IndexOf(char.ToUpperInvariant(c[0]), StringComparison.Ordinal);
        return first >= 0 && "TRWAGMYFPDXBNJZSQVHLCKE"[(int)(((first * 10_000_000L) + Number(c[1..8])) % 23)] == char.ToUpperInvariant(c[8]);
    }

    private static bool ItalianFiscalCode(ReadOnlySpan<char> c)
    {
        ReadOnlySpan<int> odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
        int sum = 0;
        for (int i = 0; i < 15; i++)
        {
            int value = char.IsAsciiDigit(c[i]) ? c[i] - '0' : (c[i] | 0x20) - 'a';
            sum += i % 2 == 0 ? odd[value] : value;
        }

        return sum % 26 == (c[15] | 0x20) - 'a';
    }

    private static bool BrazilianCpf(ReadOnlySpan<char> c)
    {
        int first = Checksums.Weighted(c, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10;
        int second = Checksums.Weighted(c, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10;
        return first == c[9] - '0' && second == c[10] - '0';
    }

    private static bool PolishPesel(ReadOnlySpan<char> c) =>
        (10 - (Checksums.Weighted(c, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 == c[10] - '0';

    private static bool TurkishId(ReadOnlySpan<char> c)
    {
        int odd = Checksums.Weighted(c, [1, 0, 1, 0, 1, 0, 1, 0, 1]), even = Checksums.Weighted(c, [0, 1, 0, 1, 0, 1, 0, 1]);
        return c[0] != '0' && ((odd * 7) - even + 100) % 10 == c[9] - '0' && (odd + even + c[9] - '0') % 10 == c[10] - '0';
    }

    /// <summary>ISO 7064 mod 11,10.</summary>
    private static bool GermanTaxId(ReadOnlySpan<char> c)
    {
        int product = 10;
        foreach (char digit in c[..10])
        {
            int sum = (digit - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return c[0] != '0' && (11 - product) % 10 == c[10] - '0';
    }

    private static bool DutchBsn(ReadOnlySpan<char> c) => Checksums.Weighted(c, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0;

    private static bool FinnishHetu(ReadOnlySpan<char> c) =>
        "0123456789ABCDEFHJKLMNPRSTUVWXY"[(int)(Number(c[..9]) % 31)] == char.ToUpperInvariant(c[9]);

    private static bool ChineseId(ReadOnlySpan<char> c) =>
        "10X98765432"[Checksums.Weighted(c, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] == char.ToUpperInvariant(c[17])
        && c[6] is '1' or '2' && Number(c.Slice(10, 2)) is >= 1 and <= 12;

    private static bool AustralianTfn(ReadOnlySpan<char> c) => Checksums.Weighted(c, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0;

    private static bool KoreanRrn(ReadOnlySpan<char> c) =>
        (11 - (Checksums.Weighted(c, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 == c[12] - '0' && Number(c.Slice(2, 2)) is >= 1 and <= 12;

    private static bool FrenchNir(ReadOnlySpan<char> c) =>
        c[0] is '1' or '2' && Number(c.Slice(3, 2)) is >= 1 and <= 12 && 97 - (Number(c[..13]) % 97) == Number(c[13..15]);

    private sealed record Row(PiiKind Kind, string Shape, Check Valid, SearchValues<string>? Context);
}
