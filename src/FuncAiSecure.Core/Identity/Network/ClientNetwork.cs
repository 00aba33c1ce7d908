using System.Net;
using System.Net.Sockets;

namespace FuncAiSecure.Core.Identity.Network;

/// <summary>The part of a caller's address that is kept: /24, for IPv6 /48.</summary>
internal static class ClientNetwork
{
    /// <summary>Room that <see cref="Of"/> needs, in bytes.</summary>
    public const int BufferLength = 16;

    /// <summary>The network's leading bytes: 3 of IPv4 and of IPv4-mapped addresses, 6 of others.</summary>
    public static ReadOnlySpan<byte> Of(IPAddress address, Span<byte> buffer)
    {
        address.TryWriteBytes(buffer, out _);
        return address.AddressFamily == AddressFamily.InterNetwork ? buffer[..3]
            : address.IsIPv4MappedToIPv6 ? buffer.Slice(12, 3)
            : buffer[..6];
    }
}
