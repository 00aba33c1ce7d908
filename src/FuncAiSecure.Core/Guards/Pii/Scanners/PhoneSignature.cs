using System.Buffers;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Single letters that name phone numbers in the lines below a letter: T: 7946 0958 | M: 98765432.</summary>
internal static class PhoneSignature
{
    private const int LeastInGroups = 7;
    private const int LeastInOne = 8;
    private const int MostInOne = 11;

    // Telephone, mobile, phone, fax, cell, direct.
    private static readonly SearchValues<char> Letters = SearchValues.Create("TMPFCD");
    private static readonly SearchValues<char> Marks = SearchValues.Create("\r\n\t|,;/•·");

    /// <summary>Whether the number from <paramref name="at"/> to <paramref name="end"/> stands alone behind such a letter, in a part of a line of its own.</summary>
    public static bool Names(ReadOnlySpan<char> text, int at, int end, int groups, int digits)
    {
        ReadOnlySpan<char> before = text[..at].TrimEnd(' ');
        if (before.Length < 2 || before[^1] is not (':' or '.') || !Letters.Contains(before[^2]) || !(groups > 1 ? digits >= LeastInGroups : IsInOne(text[at], digits)))
        {
            return false;
        }

        ReadOnlySpan<char> part = before[..^2], rest = text[end..];
        bool begins = part.Length == 0 || Marks.Contains(part[^1]) || (part[^1] == ' ' && (part.TrimEnd(' ') is not [.., var last] || Marks.Contains(last) || part[^2] == ' '));
        return begins && (rest.TrimStart(' ') is not [var next, ..] || Marks.Contains(next) || rest.StartsWith("  ", StringComparison.Ordinal));
    }

    // Ten digits from 1 on are seconds of a clock.
    private static bool IsInOne(char first, int digits) => digits is >= LeastInOne and <= MostInOne && !(digits == 10 && first == '1');
}
