namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>URLs: scheme://, and www. without one. User and password in it make it a secret.</summary>
internal static class UrlScanner
{
    private const int MaxLength = 2_048;
    private static readonly string[] Schemes =
        ["http", "https", "ftp", "ftps", "sftp", "ssh", "ws", "wss", "postgres", "postgresql", "mysql", "mongodb", "mongodb+srv", "redis", "rediss", "amqp", "amqps", "smtp", "ldap", "ldaps", "jdbc"];

    /// <summary>Looks at a word that begins at <paramref name="at"/>; <paramref name="end"/> is the word's end. Returns the URL's end, or 0.</summary>
    public static int At(ReadOnlySpan<char> text, int at, int end, PiiSink sink)
    {
        int host = Host(text, at, end);
        bool nested = at < sink.UrlEnd;
        if (host == 0 || (nested && host == at))
        {
            return 0;
        }

        int stop = host, userEnd = -1;
        bool inAuthority = true;
        for (; stop < text.Length && stop - at < MaxLength && IsUrl(text[stop]) && (inAuthority || userEnd > 0 || !nested); stop++)
        {
            inAuthority &= text[stop] is not ('/' or '?' or '#');
            if (inAuthority && text[stop] == '@')
            {
                userEnd = stop;
            }
        }

        // Punctuation at the end belongs to the sentence; a closing bracket does unless it was opened inside.
        while (stop > host && (text[stop - 1] is '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '"' or '*'
            || (text[stop - 1] == ')' && !text[host..stop].Contains('('))))
        {
            stop--;
        }

        if (stop - host < 3 || (host == at && !text[host..stop].Contains('.')))
        {
            return 0;
        }

        sink.UrlEnd = Math.Max(sink.UrlEnd, stop);
        bool secret = userEnd > host && text[host..userEnd].IndexOf(':') is > 0 and int colon && colon < userEnd - host - 1;
        if (nested && !secret)
        {
            return 0;
        }

        sink.Add(at, stop - at, secret ? PiiKind.UrlCredentials : PiiKind.Url, Certainty.Proof);
        return stop;
    }

    /// <summary>A host without scheme counts with a path after it: example.com/a.</summary>
    private static bool HasPath(ReadOnlySpan<char> text, int at, int end)
    {
        if (at > 0 && text[at - 1] is '@' or '/' or '\\')
        {
            return false;
        }

        int stop = end, label = end;
        while (stop < text.Length && stop - at < 100 && (char.IsAsciiLetterOrDigit(text[stop]) || text[stop] is '.' or '-'))
        {
            label = text[stop] == '.' ? stop + 1 : label;
            stop++;
        }

        return stop < text.Length - 1 && text[stop] == '/' && char.IsAsciiLetterOrDigit(text[stop + 1]) && TopLevels.Contains(text[label..stop].ToString());
    }

    private static readonly System.Collections.Frozen.FrozenSet<string> TopLevels = System.Collections.Frozen.FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "com", "org", "net", "edu", "gov", "io", "co", "uk", "de", "fr", "it", "es", "nl", "eu", "us", "ca", "au", "ch", "br", "info", "app", "dev", "me", "tv");

    private static int Host(ReadOnlySpan<char> text, int at, int end)
    {
        ReadOnlySpan<char> word = text[at..end];
        if (text[end..].StartsWith("://", StringComparison.Ordinal))
        {
            foreach (string scheme in Schemes)
            {
                if (word.Equals(scheme, StringComparison.OrdinalIgnoreCase))
                {
                    return end + 3;
                }
            }

            return 0;
        }

        if (end < text.Length && text[end] == '.' && HasPath(text, at, end))
        {
            return at;
        }

        return word.Equals("www", StringComparison.OrdinalIgnoreCase) && end + 3 < text.Length && text[end] == '.' && char.IsLetterOrDigit(text[end + 1])
            ? at
            : 0;
    }

    private static bool IsUrl(char c) =>
        c > 0x7F ? char.IsLetterOrDigit(c) : c > ' ' && c is not ('<' or '>' or '"' or '`' or '{' or '}' or '|' or '\\' or '^');
}
