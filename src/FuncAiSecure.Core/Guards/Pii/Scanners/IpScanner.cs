using System.Buffers;
using System.Net;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>IPv4, IPv6 and MAC addresses.</summary>
internal static class IpScanner
{
    private static readonly SearchValues<string> Numbering = Nearby.Words(["version", "release", "section", "firmware"]);

    /// <summary>IPv4 at a digit that no letter, digit or dot precedes. Returns its end, or 0.</summary>
    public static int V4(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        int end = at;
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
        }

        bool runsOn = end < text.Length && (char.IsLetterOrDigit(text[end]) || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])));
        if (runsOn || Nearby.Precedes(text, at, Numbering, 10))
        {
            return 0;
        }

        sink.Add(at, end - at, PiiKind.IpAddress, Certainty.Proof);
        return end;
    }

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

        if (end < text.Length && char.IsLetterOrDigit(text[end]))
        {
            return 0;
        }

        ReadOnlySpan<char> run = text[at..end];
        if (run.Length == 17 && IsMac(run, ':'))
        {
            sink.Add(at, run.Length, PiiKind.MacAddress, Certainty.Proof);
            return end;
        }

        if (run.Length > 1 && run[^1] == ':' && !run.EndsWith("::", StringComparison.Ordinal))
        {
            run = run[..^1];
        }

        bool likely = colons >= 7 || (colons >= 2 && run.IndexOf("::", StringComparison.Ordinal) >= 0 && run.Length > 3);
        if (likely && IPAddress.TryParse(run, out IPAddress? parsed) && parsed.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            sink.Add(at, run.Length, PiiKind.IpAddress, Certainty.Proof);
            return at + run.Length;
        }

        return 0;
    }

    /// <summary>A MAC address with hyphens at a hex pair. Returns its end, or 0.</summary>
    public static int HyphenMac(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        if (text.Length - at < 17 || !IsMac(text.Slice(at, 17), '-') || (text.Length > at + 17 && char.IsLetterOrDigit(text[at + 17])))
        {
            return 0;
        }

        sink.Add(at, 17, PiiKind.MacAddress, Certainty.Proof);
        return at + 17;
    }

    private static bool IsMac(ReadOnlySpan<char> run, char separator)
    {
        for (int i = 0; i < 17; i++)
        {
            if (i % 3 == 2 ? run[i] != separator : !char.IsAsciiHexDigit(run[i]))
            {
                return false;
            }
        }

        return true;
    }
}
