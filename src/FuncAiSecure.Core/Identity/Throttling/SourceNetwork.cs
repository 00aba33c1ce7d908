using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace FuncAiSecure.Core.Identity.Throttling;

/// <summary>The network that an address belongs to, as one failure counter sees it: IPv4 /24, IPv6 /56.</summary>
internal static class SourceNetwork
{
    private static readonly UInt128 V4Mask = UInt128.MaxValue << 8;
    private static readonly UInt128 V6Mask = UInt128.MaxValue << (128 - 56);

    /// <summary>The key of the address's network; IPv4 and IPv4-mapped addresses are the same.</summary>
    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return MapV4(BinaryPrimitives.ReadUInt32BigEndian(bytes[..length])) & V4Mask;
        }

        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return value >> 32 == 0xffff ? value & V4Mask : value & V6Mask;
    }

    private static UInt128 MapV4(uint address) => ((UInt128)0xffff << 32) | address;
}
