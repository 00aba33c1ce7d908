namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>URLs: scheme://, www. and hosts without one. User and password in it make it a secret.</summary>
internal static class UrlScanner
{
    private const int MaxLength = 2_048;
    private const int MaxScheme = 20;

    /// <summary>Looks at a word that begins at <paramref name="at"/>; <paramref name="end"/> is the word's end. Returns the URL's end, or 0.</summary>
    public static int At(ReadOnlySpan<char> text, int at, int end, PiiSink sink)
    {
        int host = Host(text, at, end), first = at;
        bool nested = at < sink.UrlEnd;
        if (host < 0 && text[end] == '.' && !nested && HostNames.End(text, at, end, sink, out first, out bool goesOn) is > 0 and int bare)
        {
            if (!goesOn)
            {
                sink.Add(first, bare - first, PiiKind.Url, Certainty.Context);
                return bare;
            }

            host = at;
        }

        if (host < 0 || (nested && host == at))
        {
            return 0;
        }

        int stop = host, userEnd = -1;
        bool inAuthority = true, escaped = host - end == 5;
        for (; stop < text.Length && stop - at < MaxLength
            && (IsUrl(text[stop]) || (escaped && text[stop..].StartsWith("\\/")))
            && !(stop > host && EndsValue(text, stop))
            && !(stop > host && EndsBeforeScript(text, stop, inAuthority))
            && (inAuthority || !nested); stop++)
        {
            inAuthority &= text[stop] is not ('/' or '?' or '#');
            if (inAuthority && text[stop] == '@')
            {
                userEnd = stop;
            }
        }

        // One within another is read for its user alone, and ends where that does.
        stop = nested && userEnd > 0 ? Math.Max(stop, sink.UrlEnd) : stop;

        // Punctuation at the end belongs to the sentence; a closing bracket does unless it was opened inside.
        int unopened = text[host..stop].Count(')') - text[host..stop].Count('(');
        while (stop > host && (text[stop - 1] is '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '"' or '*'
            || (text[stop - 1] == ')' && unopened-- > 0)))
        {
            stop--;
        }

        if (stop - host < 3 || (host == at && !text[host..stop].Contains('.')))
        {
            return 0;
        }

        sink.UrlEnd = Math.Max(sink.UrlEnd, stop);
        bool secret = userEnd > host && text[host..userEnd].IndexOf(':') is >= 0 and int colon && colon < userEnd - host - 1;
        if (nested && !secret)
        {
            return 0;
        }

        // Of mongodb+srv:// the word is the last part alone.
        int start = at > 0 && host > at && text[at - 1] == '+' ? at - 1 : first;
        while (start < at && start > 0 && at - start < MaxScheme && char.IsAsciiLetter(text[start - 1]))
        {
            start--;
        }

        sink.Add(start, stop - start, secret ? PiiKind.UrlCredentials : PiiKind.Url, Certainty.Proof);
        return stop;
    }

    private static readonly System.Buffers.SearchValues<char> InScheme =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>Where the host begins, or -1: a host without a scheme may be the text's first word.</summary>
    private static int Host(ReadOnlySpan<char> text, int at, int end)
    {
        ReadOnlySpan<char> word = text[at..end];
        // JSON may write a slash with a backslash before it.
        int sign = text[end..].StartsWith("://", StringComparison.Ordinal) ? 3 : text[end..].StartsWith(":\\/\\/", StringComparison.Ordinal) ? 5 : 0;
        if (sign > 0)
        {
            return word.Length is > 1 and <= MaxScheme && !word.ContainsAnyExcept(InScheme) && char.IsAsciiLetter(word[0]) ? end + sign : -1;
        }

        return word.Equals("www", StringComparison.OrdinalIgnoreCase) && end + 3 < text.Length && text[end] == '.' && char.IsLetterOrDigit(text[end + 1])
            ? at
            : -1;
    }

    /// <summary>
    /// Whether the sentence goes on at <paramref name="at"/>, in a script without blanks between words: behind a host, a letter, a digit or a comma, and behind
    /// a slash with the small words of Japanese.
    /// </summary>
    private static bool EndsBeforeScript(ReadOnlySpan<char> text, int at, bool inAuthority) =>
        PiiScanner.IsUnspaced(text[at]) && char.IsAscii(text[at - 1]) && (inAuthority || char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is ',' or ';' or ')' || text[at] is >= '\u3041' and <= '\u3096');

    // Of a connection string: Endpoint=sb://host/;SharedAccessKey=... And a link's text in Markdown: [https://host/](https://host/).
    private static bool EndsValue(ReadOnlySpan<char> text, int at) =>
        (text[at] == ';' && text[at - 1] == '/') || (text[at] == ']' && at + 1 < text.Length && text[at + 1] == '(');

    private static bool IsUrl(char c) =>
        c > 0x7F ? char.IsLetterOrDigit(c) : c > ' ' && c is not ('<' or '>' or '"' or '`' or '{' or '}' or '|' or '\\' or '^');
}
