using System.Buffers;
using FuncAiSecure.Core.Guards.Pii.Checks;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>What a run of digit groups is: a card, a social security or NHS number, a date of birth, a phone number.</summary>
internal static class NumberScanner
{
    private static readonly SearchValues<string> SsnContext = Nearby.Words(["ssn", "social security", "social-security", "soc sec"]);

    // Where the groups say so, too.
    private static readonly SearchValues<string> GroupedSsnContext = Nearby.Words(["ssn", "social", "soc sec", "taxpayer"]);
    private static readonly SearchValues<string> NhsContext = Nearby.Words(["nhs"]);
    private static readonly SearchValues<string> CardContext = Nearby.Words(["card", "visa", "mastercard", "amex", "maestro", "credit", "debit", "karte", "carte", "tarjeta"]);

    // Of a card in odd groups; nothing else that is looked for here has more.
    private const int MostGroups = 7;
    private const int MostOfAmount = 8;

    /// <summary>Looks at the run at <paramref name="at"/>; returns a find's end, or 0.</summary>
    public static int At(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        if (!NumberRun.TryRead(text, at, out NumberRun run))
        {
            return 0;
        }

        for (int groups = Math.Min(run.Groups, MostGroups); groups > 0; groups--)
        {
            int end = run.EndOf(groups - 1);
            if ((Ends(text, end) && (Card(text, run, groups, end, sink) || Ssn(text, run, groups, end, sink) || Nhs(text, run, groups, end, sink)))
                || ((Ends(text, end) || IsTimeNext(text, end)) && DateScanner.Numeric(text, run, groups, end, sink)))
            {
                return end;
            }
        }

        return sink.After(PhoneScanner.Judge(text, run, sink));
    }

    /// <summary>
    /// What is no fraction though it stands behind a decimal sign: a card in groups behind a dot, as in a list (1.4111 1111 …), or a phone number
    /// that fills a cell behind a comma (1,212 555 0123). <paramref name="wordEnd"/> is the first group's end. Returns a find's end, or 0.
    /// </summary>
    public static int BehindSign(ReadOnlySpan<char> text, int at, int wordEnd, PiiSink sink)
    {
        if (wordEnd >= text.Length || text[wordEnd] is not (' ' or '-') || !NumberRun.TryRead(text, at, out NumberRun run))
        {
            return 0;
        }

        if (text[at - 1] == ',')
        {
            return sink.After(PhoneScanner.Cell(text, run, sink));
        }

        for (int groups = Math.Min(run.Groups, MostGroups); groups > 2; groups--)
        {
            // The groups of a fraction go on and on.
            int end = run.EndOf(groups - 1);
            bool goesOn = groups < run.Groups && run.LengthOf(groups) >= 4;
            if (!goesOn && run.Separator(groups) != '\0' && Ends(text, end) && Card(text, run, groups, end, sink))
            {
                return end;
            }
        }

        return 0;
    }

    /// <summary>Whether a card or social security number begins at one of the groups before <paramref name="groups"/>, but not at the first; <paramref name="group"/> is which.</summary>
    internal static bool Hides(ReadOnlySpan<char> text, in NumberRun run, int groups, out int group)
    {
        for (group = 1; group < groups; group++)
        {
            if (run.LengthOf(group) < 3 || !NumberRun.TryRead(text, run.StartOf(group), out NumberRun rest))
            {
                continue;
            }

            for (int count = Math.Min(rest.Groups, MostGroups); count > 0; count--)
            {
                if (Ends(text, rest.EndOf(count - 1)) && (IsCard(text, rest, count) || (count == 3 && IsSocialSecurity(rest) && rest.Separator(count) == '-')))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether the first three groups have 3, 2 and 4 digits.</summary>
    internal static bool IsSocialSecurity(in NumberRun run) => run.LengthOf(0) == 3 && run.LengthOf(1) == 2 && run.LengthOf(2) == 4;

    /// <summary>Whether a number may end here: no letter, no further digit, no decimal point.</summary>
    internal static bool Ends(ReadOnlySpan<char> text, int end) =>
        end >= text.Length || !(PiiScanner.RunsOn(text, end) || (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1])));

    /// <summary>Whether capitals behind a hyphen go on at <paramref name="end"/>, as in the code of an article: 020-7946-0001-KIT, but not 020 7946 0001-Fax.</summary>
    internal static bool IsOfCode(ReadOnlySpan<char> text, int end) =>
        end + 1 < text.Length && text[end] == '-' && char.IsAsciiLetterUpper(text[end + 1]) && !(end + 2 < text.Length && char.IsLower(text[end + 2]));

    // 1985-03-14T00:00:00
    private static bool IsTimeNext(ReadOnlySpan<char> text, int end) => end + 1 < text.Length && text[end] == 'T' && char.IsAsciiDigit(text[end + 1]);

    /// <summary>Whether a comma at <paramref name="comma"/> parts an amount, as in 1,234 or 1234,50, and not the values of a list.</summary>
    internal static bool IsAmount(ReadOnlySpan<char> text, int comma)
    {
        if (comma + 1 >= text.Length || text[comma] != ',' || !char.IsAsciiDigit(text[comma + 1]))
        {
            return false;
        }

        int before = comma, after = comma + 1;
        while (before > 0 && comma - before < MostOfAmount && char.IsAsciiDigit(text[before - 1]))
        {
            before--;
        }

        while (after < text.Length && after - comma < 5 && char.IsAsciiDigit(text[after]))
        {
            after++;
        }

        bool grouped = before > 0 && text[before - 1] is '-' or '/' or ')';
        return after - comma - 1 is var decimals && !grouped && (decimals == 3 ? comma - before <= 3 : decimals < 3 && comma - before < MostOfAmount);
    }

    private static bool Card(ReadOnlySpan<char> text, in NumberRun run, int groups, int end, PiiSink sink)
    {
        if (!IsCard(text, run, groups))
        {
            return false;
        }

        sink.Add(run.StartOf(0), end - run.StartOf(0), PiiKind.PaymentCard, Certainty.Proof);
        return true;
    }

    private static bool IsCard(ReadOnlySpan<char> text, in NumberRun run, int groups)
    {
        int digits = run.Digits(groups);

        // No phone number has more than 15 digits.
        if (digits is < 12 or > 19 || ((run.Plus || run.Bracket(groups)) && digits < 16))
        {
            return false;
        }

        // In other groups a word must say that it is a card.
        bool usual = CardGroups(run, groups);
        if (!usual && (groups < 2 || run.Plus || run.Bracket(groups) || run.Separator(groups) == '\0'))
        {
            return false;
        }

        Span<char> number = stackalloc char[19];
        number = number[..run.Copy(text, groups, number)];

        // The oldest Visa numbers have the form of an article number (EAN-13), which has a check digit of its own.
        bool shortest = digits < 14 && (number[0] != '4' || (groups == 1 && digits == 13 && Checksums.Gtin(number)));
        bool issued = CardIssuers.Fits(number);
        return (issued || digits >= 13) && Checksums.Luhn(number) && !Checksums.AllEqual(number)
            && ((issued && usual && !shortest) || ((issued || usual) && Nearby.Precedes(text, run.Start, CardContext)));
    }

    /// <summary>One group; three of 4, 6 and 4 or 5 digits; or groups of 4 and 8 with up to 4 at the end.</summary>
    private static bool CardGroups(in NumberRun run, int groups)
    {
        if (groups == 3 && run.LengthOf(0) == 4 && run.LengthOf(1) == 6 && run.LengthOf(2) is 4 or 5)
        {
            return true;
        }

        for (int i = 0; i < groups - 1; i++)
        {
            if (run.LengthOf(i) is not (4 or 8))
            {
                return false;
            }
        }

        return groups == 1 || run.LengthOf(groups - 1) is <= 4 or 8;
    }

    private static bool Ssn(ReadOnlySpan<char> text, in NumberRun run, int groups, int end, PiiSink sink)
    {
        // Of 123-45-6789-0 it is a part.
        bool grouped = groups == 3 && IsSocialSecurity(run) && run.Separator(groups) != '\0'
            && !IsOfCode(text, end) && !(end + 1 < text.Length && text[end] == '-' && char.IsAsciiDigit(text[end + 1]));
        if (run.Plus || run.Bracket(groups) || (!grouped && !(groups == 1 && run.LengthOf(0) == 9)))
        {
            return false;
        }

        Span<char> number = stackalloc char[9];
        _ = run.Copy(text, groups, number);
        bool context = Nearby.Precedes(text, run.Start, grouped ? GroupedSsnContext : SsnContext);
        bool issued = !number.StartsWith("000") && !number.StartsWith("666") && !number.Slice(3, 2).SequenceEqual("00") && !number[5..].SequenceEqual("0000");
        if (!issued || !(context || (grouped && run.Separator(groups) == '-')))
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
        if (run.Plus || run.Bracket(groups) || (!grouped && !(groups == 1 && run.LengthOf(0) == 10)))
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
