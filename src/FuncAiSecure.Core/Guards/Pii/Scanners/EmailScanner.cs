namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>E-mail addresses around an @: local part of RFC 5321's common signs, domain of labels with a letter top level.</summary>
internal static class EmailScanner
{
    private const int MaxLocal = 64;
    private const int MaxDomain = 253;

    /// <summary>Looks around the @ at <paramref name="at"/>.</summary>
    public static void At(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        int start = at > 0 && text[at - 1] == '"' ? Quoted(text, at) : Local(text, at);
        if (start == at || text[at - 1] == '.')
        {
            return;
        }

        int end = at + 1;
        while (end < text.Length && end - at <= MaxDomain && (IsLetter(text[end]) || text[end] is '-' or '.'))
        {
            if ((text[end] == '.' && (text[end - 1] is '.' or '@')) || (PiiScanner.IsUnspaced(text[end]) && char.IsAscii(text[end - 1]) && text[end - 1] is not ('.' or '@')))
            {
                break;
            }

            end++;
        }

        while (end > at + 1 && text[end - 1] is '.' or '-')
        {
            end--;
        }

        end = WithoutNumber(text, at, end);
        int lastDot = text[(at + 1)..end].LastIndexOf('.');
        if (lastDot <= 0)
        {
            return;
        }

        ReadOnlySpan<char> top = text[(at + 2 + lastDot)..end];
        if (IsOfPicture(text[(at + 1)..end], top) || IsRepository(text, start, at, end))
        {
            return;
        }

        if ((top.Length >= 2 && char.IsLetter(top[0]) && !top.ContainsAny(Digits)) || top.StartsWith("xn--", StringComparison.OrdinalIgnoreCase))
        {
            sink.Add(start, end - start, PiiKind.Email, Certainty.Proof);
        }
    }

    /// <summary>Of icon@2x.png: a picture drawn at twice the size.</summary>
    private static bool IsOfPicture(ReadOnlySpan<char> domain, ReadOnlySpan<char> top) =>
        domain.Length == top.Length + 3 && char.IsAsciiDigit(domain[0]) && domain[1] is 'x' or 'X' && Pictures.Contains(top);

    /// <summary>git@host:team/repository: the user that everybody is to a server of repositories.</summary>
    private static bool IsRepository(ReadOnlySpan<char> text, int start, int at, int end) =>
        text[start..at] is "git" && end + 1 < text.Length && text[end] == ':' && (char.IsLetterOrDigit(text[end + 1]) || text[end + 1] is '/' or '~');

    private static int Local(ReadOnlySpan<char> text, int at)
    {
        int start = at;
        while (start > 0 && at - start < MaxLocal && IsLocal(text[start - 1]) && !(IsAsciiPart(text, at - 1) && PiiScanner.IsUnspaced(text[start - 1])))
        {
            start--;
        }

        start = WithoutKey(text, start, at);

        // A dot or an apostrophe at the edge belongs to the sentence.
        while (start < at && !char.IsLetterOrDigit(text[start]) && text[start] is not ('_' or '+'))
        {
            start++;
        }

        return start;
    }

    /// <summary>The start of a local part in quotes, <c>"jane doe"@…</c>, or <paramref name="at"/> where the quote before it opens or belongs to something else.</summary>
    private static int Quoted(ReadOnlySpan<char> text, int at)
    {
        int from = Math.Max(0, at - 1 - MaxLocal), open = from + text[from..(at - 1)].LastIndexOf('"');
        ReadOnlySpan<char> inside = open < from ? default : text[(open + 1)..(at - 1)];
        if (inside.Length == 0 || !char.IsLetterOrDigit(inside[0]) || !char.IsLetterOrDigit(inside[^1]) || (open > 0 && char.IsLetterOrDigit(text[open - 1])))
        {
            return at;
        }

        foreach (char c in inside)
        {
            if (c != ' ' && !IsLocal(c))
            {
                return at;
            }
        }

        return open;
    }

    /// <summary>The end without what no top level has: a number after a dot or hyphen, as in a.example-1.</summary>
    private static int WithoutNumber(ReadOnlySpan<char> text, int at, int end)
    {
        int cut = end;
        while (cut > at + 1 && char.IsAsciiDigit(text[cut - 1]))
        {
            cut--;
        }

        return cut < end && text[cut - 1] is '.' or '-' ? cut - 1 : end;
    }

    private static bool IsAsciiPart(ReadOnlySpan<char> text, int at) => at >= 0 && char.IsAsciiLetterOrDigit(text[at]);

    /// <summary>The start without the key of a query or log line: <c>a=1&amp;mail=</c>. An = inside the local part of another form stays.</summary>
    private static int WithoutKey(ReadOnlySpan<char> text, int start, int at)
    {
        int equals = text[start..at].LastIndexOf('='), key = start + equals;
        while (key > start && (char.IsAsciiLetterOrDigit(text[key - 1]) || text[key - 1] is '_'))
        {
            key--;
        }

        bool isKey = equals > 0 && key < start + equals && (key == start || text[key - 1] == '&');
        return isKey && start + equals + 1 < at ? start + equals + 1 : start;
    }

    private static readonly System.Collections.Frozen.FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Pictures = WordSet.Of("png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "heic", "pdf");
    private static readonly System.Buffers.SearchValues<char> Digits = System.Buffers.SearchValues.Create("0123456789");

    // A letter's accent may be a sign of its own.
    private static bool IsLetter(char c) => char.IsLetterOrDigit(c) || (c >= '\u0300' && char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark);

    private static bool IsLocal(char c) => IsLetter(c) || c is '.' or '_' or '%' or '+' or '-' or '\'' or '&' or '=' or '~' or '^';
}
