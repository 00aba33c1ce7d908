using System.Collections.Immutable;
using System.Net;

namespace FuncAiSecure.Core.Identity.Network;

/// <summary>
/// Finds the caller's address: from the connection backwards through the forwarding header, as long as the hop that speaks is
/// trusted. Whatever an untrusted hop wrote is not read, so a header sent from outside changes nothing.
/// </summary>
public static class ClientAddress
{
    private const int MaxHops = 16;

    /// <summary>The last hop that is not a trusted proxy; the last trusted one if the header ends or is malformed before.</summary>
    /// <param name="peer">The other end of the connection.</param>
    /// <param name="forwardedFor">The header's value, several fields joined by commas; null if absent.</param>
    /// <param name="trusted">The trusted proxies.</param>
    public static IPAddress Resolve(IPAddress peer, string? forwardedFor, ImmutableArray<IPNetwork> trusted)
    {
        var current = Normalize(peer);
        var rest = forwardedFor.AsSpan();
        for (var hop = 0; hop < MaxHops && rest.Length > 0 && IsTrusted(current, trusted); hop++)
        {
            var comma = rest.LastIndexOf(',');
            if (!TryParse(rest[(comma + 1)..].Trim(), out var next))
            {
                break;
            }

            current = next;
            rest = comma < 0 ? default : rest[..comma];
        }

        return current;
    }

    /// <summary>Is the address one of a trusted proxy?</summary>
    public static bool IsTrusted(IPAddress address, ImmutableArray<IPNetwork> trusted)
    {
        var normal = Normalize(address);
        foreach (var network in trusted)
        {
            if (network.Contains(normal))
            {
                return true;
            }
        }

        return false;
    }

    // A hop is an address, an IPv4 address with a port, or an IPv6 address in brackets with or without a port.
    private static bool TryParse(ReadOnlySpan<char> hop, out IPAddress address)
    {
        address = IPAddress.None;
        if (hop is ['[', ..])
        {
            var end = hop.IndexOf(']');
            if (end < 0 || (end + 1 < hop.Length && hop[end + 1] != ':'))
            {
                return false;
            }

            hop = hop[1..end];
        }
        else if (hop.Count(':') == 1)
        {
            hop = hop[..hop.IndexOf(':')];
        }

        // Only dotted quads: the framework would read "1" or "0x7f.1" as addresses too.
        if (!hop.Contains(':') && hop.Count('.') != 3)
        {
            return false;
        }

        if (!IPAddress.TryParse(hop, out var parsed))
        {
            return false;
        }

        address = Normalize(parsed);
        return true;
    }

    private static IPAddress Normalize(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
