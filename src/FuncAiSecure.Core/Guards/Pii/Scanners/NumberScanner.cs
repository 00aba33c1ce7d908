using System.Buffers;
using FuncAiSecure.Core.Guards.Pii.Checks;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>What a run of digit groups is: a card, a social security or NHS number, a date of birth, a phone number.</summary>
internal static class NumberScanner
{
    private static readonly SearchValues<string> SsnContext = Nearby.Words(["ssn", "social security", "social-security", "soc sec"]);
    private static readonly SearchValues<string> NhsContext = Nearby.Words(["nhs"]);
    private static readonly SearchValues<string> CardContext = Nearby.Words(["card", "visa", "mastercard", "amex", "maestro", "credit", "debit", "karte", "carte", "tarjeta"]);

    // Of a card; nothing else that is looked for here has more.
    private const int MostGroups = 5;

    /// <summary>Looks at the run at <paramref name="at"/>; returns where to go on.</summary>
    public static int At(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        if (!NumberRun.TryRead(text, at, out NumberRun run))
        {
            return at + 1;
        }

        for (int groups = Math.Min(run.Groups, MostGroups); groups > 0; groups--)
        {
            int end = run.EndOf(groups - 1);
            if (Ends(text, end) && (Card(text, run, groups, end, sink) || Ssn(text, run, groups, end, sink) || Nhs(text, run, groups, end, sink)
                || DateScanner.Numeric(text, run, groups, end, sink)))
            {
                return end;
            }
        }

        int phone = sink.After(PhoneScanner.Judge(text, run, sink));
        return phone > 0 ? phone : run.EndOf(0);
    }

    /// <summary>Whether a number may end here: no letter, no further digit, no decimal.</summary>
    internal static bool Ends(ReadOnlySpan<char> text, int end) =>
        end >= text.Length || !((char.IsLetterOrDigit(text[end]) && !PiiScanner.IsUnspaced(text[end])) || (text[end] is '.' or ',' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])));

    private static bool Card(ReadOnlySpan<char> text, in NumberRun run, int groups, int end, PiiSink sink)
    {
        int digits = run.Digits(groups);

        // No phone number has more than 15 digits.
        if ((run.Plus && digits < 16) || run.Bracket || digits is < 12 or > 19 || !CardGroups(run, groups))
        {
            return false;
        }

        Span<char> number = stackalloc char[19];
        number = number[..run.Copy(text, groups, number)];
        bool shortest = digits < 14 && number[0] != '4';
        bool known = CardIssuers.Fits(number) || (digits >= 13 && Nearby.Precedes(text, run.Start, CardContext));
        if (!known || !Checksums.Luhn(number) || Checksums.AllEqual(number) || (shortest && !Nearby.Precedes(text, run.Start, CardContext)))
        {
            return false;
        }

        sink.Add(run.StartOf(0), end - run.StartOf(0), PiiKind.PaymentCard, Certainty.Proof);
        return true;
    }

    private static bool CardGroups(in NumberRun run, int groups) => groups switch
    {
        1 => true,
        _ when run.Separator is not (' ' or '-' or '.') => false,
        3 => run.LengthOf(0) == 4 && run.LengthOf(1) == 6 && run.LengthOf(2) is 4 or 5,
        4 or 5 => run.LengthOf(0) == 4 && run.LengthOf(1) == 4 && run.LengthOf(2) == 4 && run.LengthOf(3) <= 4,
        _ => false,
    };

    private static bool Ssn(ReadOnlySpan<char> text, in NumberRun run, int groups, int end, PiiSink sink)
    {
        bool grouped = groups == 3 && run.LengthOf(0) == 3 && run.LengthOf(1) == 2 && run.LengthOf(2) == 4 && run.Separator != '\0';
        if (run.Plus || run.Bracket || (!grouped && !(groups == 1 && run.LengthOf(0) == 9)))
        {
            return false;
        }

        Span<char> number = stackalloc char[9];
        _ = run.Copy(text, groups, number);
        bool context = Nearby.Precedes(text, run.Start, SsnContext);
        bool issued = !number.StartsWith("000") && !number.StartsWith("666") && !number.Slice(3, 2).SequenceEqual("00") && !number[5..].SequenceEqual("0000");
        if (!issued || !(context || (grouped && run.Separator == '-')))
        {
            return false;
        }

        int pair = ((number[3] - '0') * 10) + number[4] - '0';
        bool itin = number[0] == '9';
        if (itin && !(pair is (>= 50 and <= 65) or (>= 70 and <= 88) or (>= 90 and <= 92) or (>= 94 and <= 99)))
        {
            return false;
        }

        sink.Add(run.Start, end - run.Start, itin ? PiiKind.UsItin : PiiKind.UsSsn, grouped ? Certainty.Proof : Certainty.Context);
        return true;
    }

    private static bool Nhs(ReadOnlySpan<char> text, in NumberRun run, int groups, int end, PiiSink sink)
    {
        bool grouped = groups == 3 && run.LengthOf(0) == 3 && run.LengthOf(1) == 3 && run.LengthOf(2) == 4;
        if (run.Plus || run.Bracket || (!grouped && !(groups == 1 && run.LengthOf(0) == 10)))
        {
            return false;
        }

        Span<char> number = stackalloc char[10];
        _ = run.Copy(text, groups, number);
        int check = (11 - (Checksums.Weighted(number, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
        if (check != number[9] - '0' || !Nearby.Precedes(text, run.Start, NhsContext))
        {
            return false;
        }

        sink.Add(run.Start, end - run.Start, PiiKind.UkNhs, Certainty.Proof);
        return true;
    }
}
