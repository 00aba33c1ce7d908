using System.Buffers;
using System.Collections.Frozen;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Which keys of data name a phone number: contactPhone and home_tel, but not hotelId or cancelledAt.</summary>
internal static class PhoneKeys
{
    // Wherever they stand: workphone, Telefonnummer.
    private static readonly SearchValues<string> Anywhere = SearchValues.Create(["phone", "mobile", "telef", "telnr", "telno", "handyn", "msisdn", "whatsapp"], StringComparison.OrdinalIgnoreCase);

    // Other words hold these too.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Parts = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "tel", "cell", "fax", "contact", "sms", "handy", "movil", "gsm").GetAlternateLookup<ReadOnlySpan<char>>();

    // At the end they name something about it.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Others = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "id", "ids", "at", "on", "ts", "time", "date", "count", "size", "version").GetAlternateLookup<ReadOnlySpan<char>>();

    // A caller's id is its number.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Numbers = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "caller", "callee").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the value of <paramref name="key"/> is a phone number by its name. Parts begin at capitals, digits, hyphens and underscores.</summary>
    public static bool Name(ReadOnlySpan<char> key)
    {
        bool named = key.ContainsAny(Anywhere), other = false;
        for (int start = 0; start < key.Length;)
        {
            int end = start + 1;
            while (end < key.Length && char.IsAsciiLetter(key[end]) && !(char.IsAsciiLetterUpper(key[end]) && !char.IsAsciiLetterUpper(key[end - 1])))
            {
                end++;
            }

            ReadOnlySpan<char> part = key[start..end].TrimStart("_-0123456789");
            if (Numbers.Contains(part))
            {
                return true;
            }

            named |= Parts.Contains(part);
            other = Others.Contains(part);
            start = end;
        }

        return named && !other;
    }
}
