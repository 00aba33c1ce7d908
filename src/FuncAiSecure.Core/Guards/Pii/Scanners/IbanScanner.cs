using System.Buffers;
using FuncAiSecure.Core.Guards.Pii.Checks;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>IBANs, in one run or in groups, and BICs.</summary>
internal static class IbanScanner
{
    private static readonly SearchValues<string> BicContext = Nearby.Words(["bic", "swift"]);

    // ISO 3166-1, and Kosovo as SWIFT has it: of words in capitals few have one in its place.
    private const string Countries =
        "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGY" +
        "HKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQA" +
        "RERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

    /// <summary>An IBAN at two letters and two digits. Returns its end, or 0.</summary>
    public static int At(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        if (text.Length - at < 15 || !char.IsAsciiLetter(text[at + 1]) || !char.IsAsciiDigit(text[at + 2]) || !char.IsAsciiDigit(text[at + 3]))
        {
            return 0;
        }

        int wanted = IbanLengths.Of(text[at], text[at + 1]);
        Span<char> compact = stackalloc char[34];
        int have = 0, end = at;
        for (; end < text.Length && have < wanted; end++)
        {
            char c = text[end];
            if (char.IsAsciiLetterOrDigit(c))
            {
                compact[have++] = c;
            }
            else if (c is not (' ' or '-' or '.' or '/' or '\n' or '\r') || have < 4 || !(char.IsAsciiLetterOrDigit(text[end - 1]) || char.IsAsciiLetterOrDigit(text[end - 2])))
            {
                break;
            }
        }

        if (wanted == 0 || have != wanted || PiiScanner.RunsOn(text, end) || !Checksums.Mod97(compact[..have]))
        {
            return 0;
        }

        sink.Add(at, end - at, PiiKind.Iban, Certainty.Proof);
        return end;
    }

    /// <summary>A BIC as the whole word, where the text says so.</summary>
    public static void Bic(ReadOnlySpan<char> text, int at, int end, PiiSink sink)
    {
        ReadOnlySpan<char> word = text[at..end];
        if (word.Length is not (8 or 11) || word[..6].ContainsAnyExceptInRange('A', 'Z') || !Nearby.Precedes(text, at, BicContext))
        {
            return;
        }

        foreach (char c in word[6..])
        {
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c))
            {
                return;
            }
        }

        if (IsCountry(word[4], word[5]))
        {
            sink.Add(at, word.Length, PiiKind.Bic, Certainty.Context);
        }
    }

    private static bool IsCountry(char first, char second)
    {
        for (int at = 0; at < Countries.Length; at += 2)
        {
            if (Countries[at] == first && Countries[at + 1] == second)
            {
                return true;
            }
        }

        return false;
    }
}
