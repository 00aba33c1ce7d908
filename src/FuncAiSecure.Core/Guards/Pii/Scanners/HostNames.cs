using System.Buffers;
using System.Collections.Frozen;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Hosts that are written without a scheme: example.com/a with a path, example.com alone where its ending or the words before it say so.</summary>
internal static class HostNames
{
    private const int MaxLength = 100;
    private const int ContextReach = 28;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Endings = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "com", "org", "net", "edu", "gov", "io", "co", "uk", "de", "fr", "it", "es", "nl", "eu", "us", "ca", "au", "ch", "br", "info",
        "app", "dev", "me", "tv", "at", "be", "biz", "cn", "cz", "dk", "fi", "gr", "hu", "ie", "in", "jp", "kr", "mx", "no", "nz", "pl", "pt", "ro", "ru", "se", "sg",
        "shop", "site", "tr", "ua", "za", "ai", "blog", "cloud", "fm", "museum", "online", "store", "tech", "xyz", "рф", "укр").GetAlternateLookup<ReadOnlySpan<char>>();

    // Nothing else is written so; names in programs end in all of the others.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SureEndings =
        FrozenSet.Create(StringComparer.Ordinal, "com", "org", "net", "edu", "gov", "рф", "укр").GetAlternateLookup<ReadOnlySpan<char>>();

    // Before a country: co.uk, com.au.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SecondLevels =
        FrozenSet.Create(StringComparer.Ordinal, "co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go").GetAlternateLookup<ReadOnlySpan<char>>();

    // Names of packages begin with what a host ends in.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Packages =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "com", "org", "net", "edu", "gov", "io", "dev", "java", "javax", "system").GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Products =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "asp.net", "ado.net", "vb.net", "ml.net").GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<string> Context = Nearby.Words(
    [
        "web", "site", "visit", "url", "domain", "online", "portal", "link", "page", "browse", "homepage", "seite", "sito", "sitio", "página", "witryn", "strona",
        "hemsida", "сайт", "besuch", "navega", "http", "shop", "blog",
    ]);

    /// <summary>
    /// The end of the host whose first dot stands at <paramref name="dot"/>, or 0; <paramref name="start"/> is where it begins, and
    /// <paramref name="goesOn"/> says that a path or port follows. Remembers the end, so that the host's further parts are not looked at.
    /// </summary>
    public static int End(ReadOnlySpan<char> text, int at, int dot, PiiSink sink, out int start, out bool goesOn)
    {
        (start, goesOn) = (at, false);
        if (at < sink.HostEnd)
        {
            return 0;
        }

        // Parts with hyphens are more than one word.
        while (start > 0 && dot - start < MaxLength && IsOfLabel(text[start - 1]))
        {
            start--;
        }

        int stop = dot;
        while (stop < text.Length && stop - start < MaxLength && (IsOfLabel(text[stop]) || text[stop] == '.'))
        {
            stop++;
        }

        sink.HostEnd = stop;
        stop -= text[stop - 1] == '.' ? 1 : 0;
        char after = stop + 1 < text.Length ? text[stop + 1] : '\0';
        goesOn = stop < text.Length && ((text[stop] == '/' && char.IsAsciiLetterOrDigit(after)) || (text[stop] == ':' && char.IsAsciiDigit(after)));
        ReadOnlySpan<char> host = text[start..stop], ending = host[(host.LastIndexOf('.') + 1)..];
        bool whole = ending.Length < host.Length && !(start > 0 && text[start - 1] is '@' or '/' or '\\' or '.' or '_' or '$') && !(stop < text.Length && text[stop] is '@' or '_' or '(' or '=' or '\\');
        return whole && Endings.Contains(ending) && !host.Contains("..", StringComparison.Ordinal)
            && ((goesOn && text[stop] == '/') || IsHost(host, ending) || (ending.IndexOfAnyInRange('A', 'Z') < 0 && Nearby.Has(Nearby.Line(text, start, ContextReach), Context))) ? stop : 0;
    }

    /// <summary>Whether the name alone shows that it is a host: by its ending, or a country's ending behind a hyphen or a second level (shop.com.au).</summary>
    private static bool IsHost(ReadOnlySpan<char> host, ReadOnlySpan<char> ending)
    {
        ReadOnlySpan<char> before = host[..^(ending.Length + 1)];
        int dot = before.LastIndexOf('.');
        if (Packages.Contains(host[..host.IndexOf('.')]) || Products.Contains(host))
        {
            return false;
        }

        return SureEndings.Contains(ending) || (ending.Length == 2 && ending.IndexOfAnyExceptInRange('a', 'z') < 0 && ((dot > 0 && SecondLevels.Contains(before[(dot + 1)..])) || before.Contains('-')));
    }

    private static bool IsOfLabel(char c) => c == '-' || (char.IsLetterOrDigit(c) && !PiiScanner.IsUnspaced(c));
}
