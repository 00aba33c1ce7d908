namespace FuncAiSecure.Core.Guards.Pii.Checks;

/// <summary>Length of an IBAN by country (ISO 13616 registry).</summary>
internal static class IbanLengths
{
    private const string Table =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27" +
        "GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28" +
        "PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

    private static readonly byte[] ByCountry = Load();

    /// <summary>The number of signs without blanks, or 0 for a country without IBAN.</summary>
    public static int Of(char first, char second)
    {
        int at = (((first | 0x20) - 'a') * 26) + (second | 0x20) - 'a';
        return (uint)at < ByCountry.Length ? ByCountry[at] : 0;
    }

    private static byte[] Load()
    {
        byte[] lengths = new byte[26 * 26];
        for (int at = 0; at < Table.Length; at += 4)
        {
            lengths[((Table[at] - 'A') * 26) + Table[at + 1] - 'A'] = (byte)(((Table[at + 2] - '0') * 10) + Table[at + 3] - '0');
        }

        return lengths;
    }
}
