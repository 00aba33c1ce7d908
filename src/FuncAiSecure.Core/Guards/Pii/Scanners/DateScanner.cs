using System.Buffers;
using System.Collections.Frozen;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Dates of birth: a date where the words before it say so.</summary>
internal static class DateScanner
{
    private const int Reach = 36;

    // More than of and, or.
    private const int LeastOfWord = 4;

    private static readonly SearchValues<string> Context = Nearby.Words(
    [
        "born", "birth", "dob", "d.o.b", "geboren", "geburtsdatum", "geburtstag", "cumpleaños", "compleanno", "verjaardag", "geb.", "geb:", "né le",
        "née le", "né(e)", "né à", "née à", "naissance", "nacid", "nacimiento", "nascid", "nascimento", "nato il",
        "nata il", "nato a", "nata a", "nato/a", "nascita", "geboortedatum", "urodz", "ur.", "рожд", "родил", "出生", "生年月日", "doğum",
        "birthday", "född", "födel", "født", "fødsel", "syntym", "szül", "naroz", "născut", "γέννησ", "생년월일", "تاريخ الميلاد",
        "birthdate", "bday", "生日", "誕生日", "생일", "народ", "роден", "раждан", "rođen", "рођен", "rojen", "gimi", "dzim", "sünni", "naixement",
        "ngày sinh", "sinh ngày", "lahir", "วันเกิด", "เกิดวัน",
        "जन्म", "תאריך לידה", "נולד", "مواليد", "تولد",
    ]);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Months = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar",
        "apr", "jun", "jul", "aug", "sep",
        "sept", "oct", "nov", "dec", "januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember", "jänner", "janvier", "février",
        "mars", "avril", "juin", "juillet", "août",
        "septembre", "octobre", "novembre", "décembre", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
        "octubre", "noviembre", "diciembre",
        "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre", "dicembre", "janeiro", "fevereiro", "março", "maio",
        "junho", "julho", "setembro",
        "outubro", "novembro", "dezembro", "januari", "februari", "maart", "mrt", "mei", "augustus", "maj", "augusti", "stycznia", "lutego", "marca",
        "kwietnia", "maja", "czerwca", "lipca",
        "sierpnia", "września", "października", "listopada", "grudnia", "ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos",
        "eylül", "ekim", "kasım", "aralık",
        "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря", "січня", "лютого",
        "березня", "квітня", "травня", "червня",
        "липня", "серпня", "вересня", "жовтня", "листопада", "грудня", "ledna", "února", "března", "dubna", "května", "června", "července", "srpna",
        "září", "října", "listopadu", "prosince",
        "január", "február", "március", "április", "május", "június", "július", "augusztus", "szeptember", "október", "ianuarie", "februarie",
        "martie", "aprilie", "iunie", "iulie",
        "septembrie", "octombrie", "noiembrie", "decembrie", "desember", "tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta",
        "kesäkuuta", "heinäkuuta", "elokuuta",
        "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta", "ιανουαρίου", "φεβρουαρίου", "μαρτίου", "απριλίου", "μαΐου", "ιουνίου", "ιουλίου",
        "αυγούστου", "σεπτεμβρίου",
        "οκτωβρίου", "νοεμβρίου", "δεκεμβρίου", "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر")
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>A numeric date that the run's first groups make, or eight digits in one piece that are named directly.</summary>
    public static bool Numeric(ReadOnlySpan<char> text, in NumberRun run, int groups, int end, PiiSink sink)
    {
        if (run.Plus || run.Bracket(groups))
        {
            return false;
        }

        bool found = groups == 1 ? IsCompact(text, run) && Nearby.Has(Nearby.Clause(text, run.Start, Reach), Context)
            : groups == 3 && run.Separator(groups) != '\0' && IsDate(text, run) && Nearby.Precedes(text, run.Start, Context, ReachBehind(text, run.Start, sink));
        if (!found)
        {
            return false;
        }

        sink.Add(run.Start, end - run.Start, PiiKind.DateOfBirth, Certainty.Context);
        return true;
    }

    /// <summary>How far back a word may stand: no further than the last date of birth where a word stands behind that. Born 1985-03-14. Hired 2010-04-01.</summary>
    private static int ReachBehind(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        if (sink.Count == 0 || sink[sink.Count - 1] is not { Kind: PiiKind.DateOfBirth } last || last.End > at || at - last.End > Reach)
        {
            return Reach;
        }

        int letters = 0;
        foreach (char c in text[last.End..at])
        {
            letters += char.IsLetter(c) ? 1 : 0;
        }

        return letters >= LeastOfWord ? at - last.End : Reach;
    }

    /// <summary>1985年3月14日 from the year at <paramref name="at"/> on, its sign at <paramref name="end"/>. Returns the date's end, or 0.</summary>
    public static int EastAsian(ReadOnlySpan<char> text, int at, int end, PiiSink sink)
    {
        int stop = end;
        foreach (char sign in text[end] == '年' ? "年月日" : "년월일")
        {
            int first = stop;
            while (stop < text.Length && stop - first < 5 && (char.IsAsciiDigit(text[stop]) || text[stop] == ' '))
            {
                stop++;
            }

            if (stop >= text.Length || text[stop++] != sign || (sign != text[end] && !char.IsAsciiDigit(text[stop - 2])))
            {
                return 0;
            }
        }

        if (end - at != 4 || !(Nearby.Precedes(text, at, Context, Reach) || text[stop..].StartsWith("生") || text[stop..].StartsWith("出生")))
        {
            return 0;
        }

        sink.Add(at, stop - at, PiiKind.DateOfBirth, Certainty.Context);
        return stop;
    }

    /// <summary>A date around the month's name at <paramref name="at"/>: 3 March 1980, March 3rd, 1980.</summary>
    public static void Named(ReadOnlySpan<char> text, int at, int end, PiiSink sink)
    {
        if (!Months.Contains(text[at..end]) || !Nearby.Precedes(text, at, Context, Reach + 8))
        {
            return;
        }

        int start = at, stop = end;
        while (start > 0 && at - start < 10
            && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is ' ' or '.' || (text[start - 1] is '-' or '/' && text[start] != ' ')))
        {
            start--;
        }

        // The number next to the month; where one stands before it, it is the day, and only the year may follow.
        int day = text[start..at].LastIndexOfAnyInRange('0', '9'), first = start + day;
        while (day >= 0 && first > start && char.IsAsciiDigit(text[first - 1]))
        {
            first--;
        }

        start = day >= 0 ? first : at;
        int last = end, digits = 0, numbers = day >= 0 ? 1 : 0;
        while (stop < text.Length && stop - end < 14
            && (char.IsAsciiLetterOrDigit(text[stop]) || text[stop] is ' ' or ',' or '.' || (text[stop] is '-' or '/' && text[stop - 1] != ' ')))
        {
            bool digit = char.IsAsciiDigit(text[stop]);
            if (digit && digits == 0 && ++numbers > 2)
            {
                break;
            }

            digits = digit ? digits + 1 : 0;
            last = digit ? stop + 1 : last;
            numbers = digits == 4 ? 2 : numbers;
            stop++;
        }

        if (last > end)
        {
            sink.Add(start, last - start, PiiKind.DateOfBirth, Certainty.Context);
        }
    }

    /// <summary>Whether the first three groups can be a year, month and day, or a day, month and year.</summary>
    internal static bool IsDate(ReadOnlySpan<char> text, in NumberRun run)
    {
        int a = Value(text, run, 0), b = Value(text, run, 1), c = Value(text, run, 2);
        bool yearFirst = run.LengthOf(0) == 4 && run.LengthOf(1) <= 2 && run.LengthOf(2) <= 2;
        bool yearLast = run.LengthOf(0) <= 2 && run.LengthOf(1) <= 2 && run.LengthOf(2) is 2 or 4;
        return yearFirst ? a is >= 1880 and <= 2100 && b is >= 1 and <= 12 && c is >= 1 and <= 31
            : yearLast && ((a is >= 1 and <= 31 && b is >= 1 and <= 12) || (a is >= 1 and <= 12 && b is >= 1 and <= 31));
    }

    /// <summary>19850314 or 14031985.</summary>
    private static bool IsCompact(ReadOnlySpan<char> text, in NumberRun run)
    {
        if (run.LengthOf(0) != 8)
        {
            return false;
        }

        ReadOnlySpan<char> digits = text.Slice(run.StartOf(0), 8);
        return IsDay(digits[..4], digits[4..6], digits[6..]) || IsDay(digits[4..], digits[2..4], digits[..2]) || IsDay(digits[4..], digits[..2], digits[2..4]);
    }

    private static bool IsDay(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day) =>
        year[..2] is "19" or "20" && month.SequenceCompareTo("01") >= 0 && month.SequenceCompareTo("12") <= 0 && day.SequenceCompareTo("01") >= 0 && day.SequenceCompareTo("31") <= 0;

    private static int Value(ReadOnlySpan<char> text, in NumberRun run, int group)
    {
        int value = 0;
        for (int i = 0; i < Math.Min(run.LengthOf(group), 4); i++)
        {
            value = (value * 10) + (text[run.StartOf(group) + i] - '0');
        }

        return value;
    }
}
