using System.Buffers;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Whether a run of digit groups is a phone number: by an unmistakable form, or by its shape together with the words around it.</summary>
internal static class PhoneScanner
{
    private static readonly SearchValues<string> Context = Nearby.Words(
    [
        "phone", "tel", "call", "mobile", "cell", "fax", "contact", "reach", "dial", "ring", "sms", "text ", "texting", "whatsapp", "messages to", "hotline",
        "helpline", "freecall", "signal", "handy", "rufnummer", "anruf", "telefon", "téléphone", "appel", "portable", "joindre", "teléfono", "móvil", "llam",
        "celular", "ligue", "ligar", "chiam", "cellulare", "bel ", "bellen", "numéro", "тел", "моб", "звон", "номер", "电话", "手机", "電話", "手機", "拨打",
        "携帯", "微信", "txt", "hmu", "numer do", "joint au", "atende pelo", "καλέσ", "الاتصال", "í síma", "დარეკ", "ফোন", "కాల్", "ಫೋನ್", "מוקד", "同号", "pager", "voicemail",
        "landline", "freephone", "toll-free", "switchboard", "msisdn", "my no ", "my number", "his number", "her number", "our number", "your number",
        "their number", "new number",
        "mera number", "mob", "ph ", "ph.", "ph:", "wa ", "hp ", "gsm", "natel", "festnetz", "durchwahl", "erreich", "meine nummer", "neue nummer",
        "fon ", "fon:", "fon.", "tfno",
        "tlf", "tlm", "tél", "fijo", "marque", "llám", "mi número", "fone", "me liga", "telem", "contat", "joignable", "rappel", "numero verde",
        "mio numero", "recapito",
        "zadzwo", "dzwoni", "komór", "infolin", "växel", "nås på", "puh", "soita", "cep", "çağrı", "numaram", "arayın", "zavol", "hívjon", "sunați",
        "nazovi", "τηλ", "κινητ",
        "טלפון", "נייד", "התקשר", "هاتف", "جوال", "اتصل", "موبايل", "تلفون", "फोन", "फ़ोन", "मोबाइल", "전화", "휴대", "연락처", "โทร", "gọi", "điện thoại",
        "hubungi", "telp", "tawag",
        "sími", "helista", "tālr", "cel ", "cel:", "cel.", "hp:", "sđt", "mitt nummer", "mit nummer", "nummer mitt", "nummeret mitt", "numeroni",
        "mój numer", "mój nr", "moje číslo", "moj broj",
        "numărul meu", "número é", "המספר שלי", "رقمي", "شماره من", "شماره تماس", "شماره تلفن", "شماره موبایل", "मेरा नंबर", "मेरा नम्बर",
        "আমার নম্বর", "என் எண்", "我的号码", "我的號碼",
        "내 번호", "제 번호", "เบอร์", "số của tôi", "số mình", "nomor saya", "nombor saya", "namba yangu",
    ]);

    // Firms are registered, too.
    private static readonly SearchValues<string> Registered = Nearby.Words(["registered"]);
    private static readonly SearchValues<string> Firm = Nearby.Words(["compan", "charit", "england", "wales", "scotland", "ireland", "ltd", "limited", "office", "vat"]);

    private static readonly string[] PlainKeys =
        ["value", "number", "no", "nr", "num", "text", "content", "message", "to", "from", "home", "work", "office", "main", "primary", "secondary",
         "private", "business", "other", "direct"];

    // What names another number, even one in a phone number's form.
    private static readonly SearchValues<string> Labels = Nearby.Words(
    [
        "account", "acct", "konto", "order n", "order #", "order id", "order:", "serial", "tracking", "isbn", "invoice", "ref ", "ref.", "ref:",
        "reference", "ndc", "lot ", "batch", "version", "part n", "p/n",
        "sku", "article", "artikel", "kundenn", "kunden-n", "kd.-n", "bestelln", "auftrag", "vertrag", "contract", "customer n", "customer id",
        "vat ", "rechnung", "commande", "pedido", "factura", "facture", "fattura", "ordine", "zamówien", "faktur", "sipariş",
        "póliza", "policy", "model", "s/n", "licen", "passport", "iban", "case ", "ticket", "quote", "見積番号", "注文番号", "会員番号", "受付番号", "伝票番号",
        "编号", "單號", "单号", "〒", "upc", "po ", "p.o. ",
    ]);

    // Of a label that names who answers, not the number: the account manager, the passport office.
    private static readonly SearchValues<string> Answering = Nearby.Words(["manager", "office", "team", "dept", "department", "desk", "agency", "holder", "owner"]);

    private static readonly SearchValues<string> Against = Nearby.Words(
    [
        "account", "acct", "card", "order", "ticket", "case", "invoice", "zip", "postcode", "version", "ref", "reference", "id", "isbn", "tracking", "serial",
        "licen", "passport", "konto", "vat ", "model", "build", "record", "count ", "telemetry", "contrat", "ordine", "ordre", "bestelling", "imei",
        "s/n", "appel d", "$", "€", "£", "usd", "eur", "№", "population", "year", "commande", "pedido",
    ]);

    // The end of a German word, which begins with what it is for.
    private static readonly SearchValues<string> Compounds = Nearby.Words(["vertrag", "rechnung", "konto", "auftrag"]);

    // What is counted or measured.
    private static readonly string[] Units =
    [
        "bytes", "kb", "mb", "gb", "hz", "khz", "mhz", "ms", "sec", "secs", "seconds", "minutes", "hours", "times", "users", "people", "customers",
        "subscribers", "items", "rows", "records", "cells",
        "tokens", "messages", "lines", "words", "characters", "chars", "views", "downloads", "requests", "units", "pieces", "pcs", "samples",
        "points", "km", "kg", "ml", "eur", "usd", "gbp", "chf", "kr",
        "dollars", "euros", "euro", "million", "mal", "nutzer", "stück", "fois", "veces",
    ];

    private static readonly string[] After = ["office", "fax", "mobile", "cell", "home", "work", "tel", "phone", "landline", "direct"];

    private static readonly string[] Streets =
        [" st", " street", " lane", " road", " rd", " ave", " avenue", " drive", " dr", " court", " blvd", " boulevard", " way", " place", " suite",
         " terrace", " circle"];

    // Without a plus or brackets.
    private const int MostGroups = 6;
    private const int LeastDigits = 6;
    private const int ClauseReach = 30;
    private const int MaxCell = 20;
    private const int AgainstReach = 16;
    private const int MaxWord = 24;

    /// <summary>Judges the run from its first group; returns the number's end, or 0.</summary>
    public static int Judge(ReadOnlySpan<char> text, in NumberRun run, PiiSink sink)
    {
        // What a slash parts from a phone number is one more.
        bool second = IsSecond(text, run.Start, sink);
        bool? inContext = second ? true : null;

        // +++090/9337/55493+++ is a payment's reference.
        int first = run.StartOf(0);
        if ((first > 1 && text[first - 1] == '+' && text[first - 2] == '+') || PhoneForms.IsListed(text, run))
        {
            return 0;
        }

        int most = run.Plus || run.Bracket(run.Groups) ? run.Groups : Math.Min(run.Groups, MostGroups);

        // The rest of what was no phone number by itself, such as 03/11/2026.
        bool rest = !run.Plus && Continues(text, run.Start);
        for (int groups = most; groups > 0 && run.Digits(groups) >= LeastDigits; groups--)
        {
            int digits = run.Digits(groups), end = run.EndOf(groups - 1);
            bool nanp = PhoneForms.IsNorthAmerican(text, run, groups);

            // Only words make it a number, and of most there are none: asked first, since a text may be nothing but such groups.
            if (rest && !nanp && ((text[run.Start - 1] != ' ' && !second) || !((inContext ??= InContext(text, run.Start)) || Nearby.Follows(text, end, After))))
            {
                continue;
            }

            int after = PhoneExtensions.End(text, end);
            if (digits > 15 || (after == end && (!NumberScanner.Ends(text, end) || NumberScanner.IsAmount(text, end))) || IsDate(text, run, groups)
                || PhoneEnds.GoesTooFar(text, run, groups) || IsAmount(text, run.Start, end, nanp || run.Plus || run.Bracket(groups)) || NumberScanner.IsOfCode(text, end))
            {
                continue;
            }

            // What has an extension is a phone number.
            bool extended = after > end && groups > 1 && digits >= LeastDigits + 2;
            Certainty? certainty = (nanp || extended) && !run.Plus ? Certainty.Context : Form(text, run, groups, digits, rest)
                ?? (Fits(text, run, groups, digits)
                    && (Nearby.Follows(text, end, After) || PhoneSignature.Names(text, run.Start, end, groups, digits)
                        || (!Nearby.Follows(text, end, Units) && (inContext ??= InContext(text, run.Start)))) ? Certainty.Context : null);
            if (certainty is { } sure && (sure is Certainty.Proof || !(IsAddress(text, end) || IsNamedOtherwise(text, run.Start))))
            {
                // What goes on into a number of another kind, or into one more phone number, ends before it.
                if (NumberScanner.Hides(text, run, groups, out int other) || HidesPhone(text, run, groups, out other))
                {
                    groups = other + 1;
                    continue;
                }

                sink.Add(run.Start, after - run.Start, PiiKind.Phone, sure);
                return after;
            }
        }

        return 0;
    }

    /// <summary>Judges a run behind a comma and a number that begins a line or cell: <c>1,212 555 0123</c>. Returns the number's end, or 0.</summary>
    public static int Cell(ReadOnlySpan<char> text, in NumberRun run, PiiSink sink)
    {
        int end = run.EndOf(run.Groups - 1);
        if (run.Groups != 3 || run.Bracket(3) || run.Separator(3) == '\0' || !PhoneForms.IsNorthAmerican(text, run, 3)
            || !(end == text.Length || text[end] is ',' or ';' or '"' or '\r' or '\n'))
        {
            return 0;
        }

        int before = run.Start - 1;
        while (before > 0 && run.Start - before < MaxCell && char.IsAsciiDigit(text[before - 1]))
        {
            before--;
        }

        // Not of 1,234,567.
        if (before > 0 && (text[before - 1] is not (',' or ';' or '\n') || NumberScanner.IsAmount(text, before - 1)))
        {
            return 0;
        }

        sink.Add(run.Start, end - run.Start, PiiKind.Phone, Certainty.Context);
        return end;
    }

    private static bool IsSecond(ReadOnlySpan<char> text, int at, PiiSink sink) =>
        at > 2 && (text[at - 1] == '/' || (text[at - 1] == ' ' && text[at - 2] == '/')) && sink.Count > 0 && sink[sink.Count - 1] is { Kind: PiiKind.Phone } before
        && before.End is var end && end >= at - 3 && end < at;

    private static bool InContext(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> key = Nearby.Key(text, at);
        if (key.Length > 0 && !IsPlain(key))
        {
            return PhoneKeys.Name(key);
        }

        ReadOnlySpan<char> line = Nearby.Line(text, at, 44);
        return (Nearby.Has(line, Context) || (Nearby.Has(line, Registered) && !Nearby.Has(line, Firm)))
            && !Nearby.Precedes(text, at, Against, AgainstReach) && !IsNumbered(text, at) && !IsCompound(text, at) && !IsMoment(text, at);
    }

    /// <summary>Whether the word before it is a compound that only begins like a phone: Handyvertrag Nr. 4711.</summary>
    private static bool IsCompound(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> before = text[Math.Max(0, at - MaxWord)..at];
        return before.IndexOfAny(Compounds) is >= 0 and int found && !Nearby.Has(before[found..], Context);
    }

    /// <summary>called at 1762151114: seconds or milliseconds of a clock.</summary>
    private static bool IsMoment(ReadOnlySpan<char> text, int at)
    {
        int digits = text[at..].IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length - at : digits;
        return digits is 10 or 13 && text[at] == '1' && text[at + 1] is >= '4' and <= '9'
            && text[Math.Max(0, at - MaxWord)..at].TrimEnd(" :=\"").EndsWith("at", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a # before the number makes it one of something else: ticket #4711, but not phone #.</summary>
    private static bool IsNumbered(ReadOnlySpan<char> text, int at)
    {
        int from = Math.Max(0, at - AgainstReach), sign = from + text[from..at].LastIndexOf('#');
        return sign >= from && !Nearby.Has(LastWord(text[Math.Max(0, sign - MaxWord)..sign]), Context);
    }

    private static ReadOnlySpan<char> LastWord(ReadOnlySpan<char> before)
    {
        before = before.TrimEnd(" .:");
        return before[(before.LastIndexOfAny(" \t\n\"") + 1)..];
    }

    private static bool IsPlain(ReadOnlySpan<char> key)
    {
        foreach (string plain in PlainKeys)
        {
            if (key.Equals(plain, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamedOtherwise(ReadOnlySpan<char> text, int at) =>
        Nearby.Clause(text, at, ClauseReach) is var clause && Nearby.Has(clause, Labels) && !Nearby.Has(clause, Context) && !Nearby.Has(clause, Answering);

    /// <summary>Forms that need no context.</summary>
    private static Certainty? Form(ReadOnlySpan<char> text, in NumberRun run, int groups, int digits, bool rest)
    {
        bool trunk = text[run.StartOf(0)] == '0' && PhoneForms.IsTrunk(text, run, digits);
        return run.Plus && digits >= 8 && ((groups > 1 && !PhoneForms.IsSignedDecimal(run, groups)) || digits >= 10) ? Certainty.Proof
            : rest ? null
            : trunk && digits is >= 9 and <= 15 && groups > 1 && groups <= 6 && PhoneForms.LongEnough(text, run, groups) && run.Separator(groups) != '\0'
                && !(groups == 3 && NumberScanner.IsSocialSecurity(run)) && !PhoneForms.IsDecimal(run, groups) && !PhoneForms.IsCount(text, run) ? Certainty.Context
            : run.Bracket(groups) && run.LengthOf(0) is >= 2 and <= 5 && !PhoneForms.IsYear(text, run)
                && digits is >= 7 and <= 13 && groups > 1 && text[run.Start] == '(' ? Certainty.Context
            : PhoneForms.IsBritishMobile(text, run, groups) && !Nearby.Precedes(text, run.Start, Against, AgainstReach) ? Certainty.Shape
            : PhoneForms.EvenPairs(text, run, groups, digits) || PhoneForms.IsSpanish(text, run, groups) ? Certainty.Shape
            : PhoneForms.IsRussian(text, run, groups)
                || (trunk && run.AreaCode(groups) && run.LengthOf(1) >= 3 && digits is >= 9 and <= 12 && PhoneForms.LongEnough(text, run, groups)) ? Certainty.Context
            : null;
    }

    /// <summary>Whether, after seven digits, another number begins: in brackets, behind a slash with blanks, of 3, 3 and 4 digits, or of the same groups as the first.</summary>
    private static bool HidesPhone(ReadOnlySpan<char> text, in NumberRun run, int groups, out int group)
    {
        for (group = 1; group < groups; group++)
        {
            int start = run.StartOf(group);
            if (run.Digits(group) < 7)
            {
                continue;
            }

            if (group > 1 && text[start - 1] == '(')
            {
                return true;
            }

            if (text[start - 1] is ' ' or '/' && NumberRun.TryRead(text, start, out NumberRun rest)
                && (text[start - 1] == ' ' && text[start - 2] == '/' ? rest.Digits(rest.Groups) >= LeastDigits : IsNext(text, run, group, rest)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether what follows the first <paramref name="groups"/> groups behind a blank is a number like them, or of 3, 3 and 4 digits with one sign.</summary>
    private static bool IsNext(ReadOnlySpan<char> text, in NumberRun run, int groups, in NumberRun rest)
    {
        if (groups > 1 && rest.Groups >= 3 && (rest.Separator(3) is '-' or '.' || text[rest.Start - 1] == '/') && PhoneForms.IsNorthAmerican(text, rest, 3))
        {
            return true;
        }

        bool alike = run.Digits(groups) >= 9 && rest.Groups >= groups && (text[rest.Start - 1] == '/' || (text[run.StartOf(0)] == '0' && text[rest.StartOf(0)] == '0'));
        for (int i = 0; alike && i < groups; i++)
        {
            alike = rest.LengthOf(i) == run.LengthOf(i);
        }

        return alike;
    }

    /// <summary>Whether the run is the rest of a longer number that was not one, or of a time of day. Behind a time and a blank a log has another number.</summary>
    private static bool Continues(ReadOnlySpan<char> text, int at) =>
        at > 1 && text[at - 1] is ' ' or '-' or '.' or '/' or ':' && char.IsAsciiDigit(text[at - 2]) && !(at > 3 && text[at - 1] == ' ' && text[at - 4] == ':');

    /// <summary>Shapes that words around them make a phone number.</summary>
    private static bool Fits(ReadOnlySpan<char> text, in NumberRun run, int groups, int digits) =>
        groups <= 6 && digits <= 15 && (digits >= 7 || (groups == 3 && run.LengthOf(0) == 2)) && !(groups == 4 && digits == 16)
        && PhoneForms.LongEnough(text, run, groups)
        && !(run.Separator(groups) == ' ' && PhoneForms.IsCount(text, run) && !IsLabelled(text, run.Start, directly: text[run.StartOf(0)] != '0'))
        && text[run.Start..run.EndOf(groups - 1)].IndexOfAnyInRange('2', '9') >= 0;

    /// <summary>Whether a word of phones stands in the clause before the number, or where a number's own form says less, directly before it.</summary>
    private static bool IsLabelled(ReadOnlySpan<char> text, int at, bool directly) =>
        Nearby.Clause(text, at, ClauseReach) is var clause && Nearby.Has(directly ? LastWord(clause) : clause, Context);

    /// <summary>A date with or without a time of day, or a number that begins with the year: 2026/11/0045.</summary>
    private static bool IsDate(ReadOnlySpan<char> text, in NumberRun run, int groups) =>
        (groups == 3 && run.LengthOf(1) <= 2
            && ((run.LengthOf(0) == 4 && (run.LengthOf(2) <= 2 || (run.Separator(groups) is '/' or '-' && text.Slice(run.StartOf(0), 2) is "19" or "20")))
                || (run.LengthOf(0) <= 2 && run.LengthOf(2) == 4)))
        || (groups >= 3 && !run.Plus && !run.Bracket(3) && run.Separator(3) is '-' or '/' or '.' && (groups == 3 || text[run.EndOf(2)] == ' ') && DateScanner.IsDate(text, run));

    /// <summary>A house number: a street follows.</summary>
    private static bool IsAddress(ReadOnlySpan<char> text, int end)
    {
        if (end + 3 >= text.Length || text[end] != ' ' || !char.IsUpper(text[end + 1]))
        {
            return false;
        }

        ReadOnlySpan<char> after = text[end..Math.Min(text.Length, end + 32)];
        after = after.IndexOf('\n') is >= 0 and int line ? after[..line] : after;
        foreach (string street in Streets)
        {
            int at = after.IndexOf(street, StringComparison.OrdinalIgnoreCase);
            if (at > 0 && (at + street.Length >= after.Length || !char.IsLetter(after[at + street.Length])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAmount(ReadOnlySpan<char> text, int start, int end, bool formed) =>
        (start > 0 && (text[start - 1] is '$' or '€' or '£' or '¥' || (text[start - 1] == '#' && !formed && IsNumbered(text, start))))
        || (end < text.Length && (text[end] is '€' or '£' or '$' or '#' || (text[end] == '%' && !(end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])))));
}
