using System.Buffers;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Passport and driving licence numbers: a word of letters and digits where the text says what it is.</summary>
internal static class DocumentScanner
{
    private const int Reach = 40;
    private static readonly SearchValues<string> PassportContext = Nearby.Words(
    [
        "passport", "reisepass", "passeport", "pasaporte", "passaporto", "passaporte", "护照", "パスポート", "паспорт", "護照", "旅券", "여권", "paszport",
        "paspoort", "pasaport", "paspor", "passnummer",
        "pass-nr", "pass nr", "passnr", "passinumero", "útlevél", "cestovní pas", "διαβατ", "جواز", "דרכון", "hộ chiếu",
    ]);

    private static readonly SearchValues<string> LicenceContext = Nearby.Words(
    [
        "driver's lic", "drivers lic", "driver’s lic", "driver lic", "driving lic", "dl number", "dl no", "dl#", "führerschein", "permis de conduire",
        "licencia de conducir",
        "patente di guida", "driverlic", "driverslic", "driver_lic", "drivers_lic", "driver-lic", "driving_lic", "drivinglic", "rijbewijs",
        "carnet de conducir", "carteira de habilita", "prawo jazdy",
        "водительск", "körkort", "førerkort", "kørekort", "ajokort", "ehliyet", "運転免許", "驾驶证", "驾照", "운전면허",
    ]);

    // What names another number, though a document is spoken of before.
    private static readonly SearchValues<string> Other = Nearby.Words(["order", "invoice", "ticket", "booking", "tracking", "phone", "tel", "bestell", "rechnung", "commande", "pedido"]);
    private const int OtherReach = 14;

    /// <summary>Looks at the word from <paramref name="at"/> on; returns the number's end, or 0.</summary>
    public static int At(ReadOnlySpan<char> text, int at, int end, PiiSink sink)
    {
        // The rest of what was read at its first group.
        if (at > 1 && text[at - 1] == '-' && char.IsAsciiDigit(text[at - 2]))
        {
            return 0;
        }

        // A licence may be parted by hyphens.
        int stop = end;
        while (stop + 1 < text.Length && stop - at < 18 && text[stop] == '-' && char.IsAsciiLetterOrDigit(text[stop + 1]))
        {
            stop++;
            while (stop < text.Length && char.IsAsciiLetterOrDigit(text[stop]))
            {
                stop++;
            }
        }

        int digits = 0;
        foreach (char c in text[at..stop])
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        if (stop - at is < 6 or > 18 || digits < 4 || Nearby.Precedes(text, at, Other, OtherReach))
        {
            return 0;
        }

        bool passport = stop == end && stop - at <= 10 && Nearby.Precedes(text, at, PassportContext, Reach);
        if (!passport && !Nearby.Precedes(text, at, LicenceContext, Reach))
        {
            return 0;
        }

        sink.Add(at, stop - at, passport ? PiiKind.Passport : PiiKind.DrivingLicence, Certainty.Context);
        return stop;
    }
}
