using System.Buffers;
using System.Net;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>IPv4, IPv6 and MAC addresses.</summary>
internal static class IpScanner
{
    // Parts of a section's or a version's number are small; so are those of few addresses that anybody uses.
    private const int MostOfSection = 31;
    private static readonly SearchValues<string> Numbering = Nearby.Words(
    [
        "v ", "v.", "v=", "v:", "ver.", "ver ", "version", "release", "firmware", "build", "upgrade", "update", "patch", "section", "sect.", "sec.",
        "chapter", "clause", "table", "figure",
        "fig.", "annex", "appendix", "article", "art.", "§", "abschnitt", "kapitel", "ziffer", "tabelle", "abbildung", "abb.", "anhang", "artikel",
        "nummer", "chapitre",
        "tableau", "annexe", "sección", "capítulo", "apartado", "figura", "tabla", "sezione", "capitolo", "allegato", "seção", "hoofdstuk", "paragra", "rozdział",
        "avsnitt", "bölüm", "oid",
    ]);

    private static readonly SearchValues<string> Network = Nearby.Words(
    [
        "ip ", "ip:", "ip=", "ip\"", "ip-", "ip_", "ips ", "ipv", "host", "server", "nameserver", "dns", "addr", "adres", "dirección", "gateway", "ping", "ssh", "subnet", "network", "netz", "rout", "client", "src", "dst", "source", "dest", "peer",
        "resolv", "listen", "bind", "proxy", "vpn", "firewall", "allow", "deny", "block", "ban ", "connect", "tcp", "udp", "login", "logged",
        "access", "node", "machine",
        "lan", "wan", "remote", "relay", "trace",
    ]);

    // Of connections, but of versions too: upgrade from 16.4.0.1.
    private static readonly SearchValues<string> Origin = Nearby.Words(["from "]);
    private static readonly SearchValues<string> Change = Nearby.Words(["upgrade", "update", "migrat", "downgrade", "version", "release"]);

    /// <summary>IPv4 at a digit that no letter, digit or dot precedes. Returns its end, or 0.</summary>
    public static int V4(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        int end = at, largest = 0;
        bool thousands = false;
        for (int part = 0; part < 4; part++)
        {
            int value = 0, digits = 0;
            while (end < text.Length && char.IsAsciiDigit(text[end]) && digits < 4)
            {
                value = (value * 10) + (text[end++] - '0');
                digits++;
            }

            if (digits is 0 or > 3 || value > 255 || (part < 3 && (end >= text.Length || text[end++] != '.')))
            {
                return 0;
            }

            largest = Math.Max(largest, value);
            thousands |= part > 0 && digits == 3 && value == 0;
        }

        bool runsOn = PiiScanner.RunsOn(text, end) || (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]));
        // Chrome/110.0.0.0: what browsers say in place of their version.
        runsOn |= at > 0 && text[at - 1] == '/' && text[at..end].EndsWith(".0.0.0");
        bool small = largest <= MostOfSection && !text[at..end].StartsWith("10.");
        bool numbered = Nearby.Precedes(text, at, Numbering, 12) && !Nearby.Precedes(text, at, Network, 12)
            && !text[at..end].StartsWith("192.168.") && (small || !Nearby.Precedes(text, at, Origin, 12));
        if (runsOn || thousands || numbered || (small && !IsInNetwork(text, at, end)))
        {
            return 0;
        }

        sink.Add(at, end - at, PiiKind.IpAddress, Certainty.Proof);
        return end;
    }

    /// <summary>Whether a port, a prefix length or the words before it say that four small numbers are an address.</summary>
    private static bool IsInNetwork(ReadOnlySpan<char> text, int at, int end) =>
        (end + 1 < text.Length && text[end] is ':' or '/' && char.IsAsciiDigit(text[end + 1])) || (at > 0 && text[at - 1] == '@') || Nearby.Precedes(text, at, Network, 32)
        || (Nearby.Precedes(text, at, Origin, 32) && !Nearby.Precedes(text, at, Change, 32));

    /// <summary>IPv6 or MAC at a hex group that a colon or hyphen follows. Returns its end, or 0.</summary>
    public static int V6OrMac(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        int end = at, colons = 0;
        while (end < text.Length && end - at < 45 && (char.IsAsciiHexDigit(text[end]) || text[end] is ':' or '.'))
        {
            colons += text[end++] == ':' ? 1 : 0;
        }

        while (end > at && text[end - 1] == '.')
        {
            end--;
        }

        // The rest of a fingerprint has an address's form.
        if (PiiScanner.RunsOn(text, end) || IsOfFingerprint(text, at))
        {
            return 0;
        }

        // A colon behind it is the sentence's.
        ReadOnlySpan<char> run = text[at..end];
        if (run.Length > 1 && run[^1] == ':' && !run.EndsWith("::", StringComparison.Ordinal))
        {
            run = run[..^1];
        }

        // Eight pairs are the longer form of a hardware address (EUI-64).
        if (run.Length is 17 or 23 && IsMac(run, ':'))
        {
            sink.Add(at, run.Length, PiiKind.MacAddress, Certainty.Proof);
            return at + run.Length;
        }

        // Two words with two colons between are a name in a program, two small numbers a ratio.
        if (colons == 2 && run.Length is 4 or 5 or 6 && char.IsAsciiDigit(run[0]) && !run.ContainsAnyExcept(Ratio) && !Nearby.Precedes(text, at, Network, 32))
        {
            return 0;
        }

        bool likely = colons >= 7 || (colons >= 2 && run.IndexOf("::", StringComparison.Ordinal) >= 0 && (run.Length > 3 || run is "::1") && run.IndexOfAnyInRange('0', '9') >= 0);
        if (likely && IPAddress.TryParse(run, out IPAddress? parsed) && parsed.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            sink.Add(at, run.Length, PiiKind.IpAddress, Certainty.Proof);
            return at + run.Length;
        }

        return 0;
    }

    /// <summary>A MAC address at a hex pair that a hyphen follows, or at four hex digits that a dot follows (then with a letter). Returns its end, or 0.</summary>
    public static int PartedMac(ReadOnlySpan<char> text, int at, int end, PiiSink sink)
    {
        bool dotted = text[end] == '.';
        int length = dotted ? 14 : 17;
        if (text.Length - at < length || PiiScanner.RunsOn(text, at + length) || (dotted && text.Length > at + length + 1 && text[at + length] == '.' && char.IsAsciiLetterOrDigit(text[at + length + 1])))
        {
            return 0;
        }

        ReadOnlySpan<char> run = text.Slice(at, length);
        if (!(dotted ? IsMac(run, '.', 4) && run.ContainsAnyExcept(Dotted) : IsMac(run, '-')))
        {
            return 0;
        }

        sink.Add(at, length, PiiKind.MacAddress, Certainty.Proof);
        return at + length;
    }

    /// <summary>Whether a pair of hex digits and a colon stand before the address, and before them another colon.</summary>
    private static bool IsOfFingerprint(ReadOnlySpan<char> text, int at) =>
        at > 3 && text[at - 1] == ':' && char.IsAsciiHexDigit(text[at - 2]) && char.IsAsciiHexDigit(text[at - 3]) && text[at - 4] == ':';

    private static bool IsMac(ReadOnlySpan<char> run, char separator, int group = 2)
    {
        for (int i = 0; i < run.Length; i++)
        {
            if (i % (group + 1) == group ? run[i] != separator : !char.IsAsciiHexDigit(run[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static readonly SearchValues<char> Ratio = SearchValues.Create("0123456789:");
    private static readonly SearchValues<char> Dotted = SearchValues.Create("0123456789.");
}
