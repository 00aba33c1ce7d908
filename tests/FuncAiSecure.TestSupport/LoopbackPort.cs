using System.Net;
using System.Net.Sockets;

namespace FuncAiSecure.TestSupport;

/// <summary>Ports on loopback for those that must know theirs before they listen, or listen on it again.</summary>
public static class LoopbackPort
{
    // Below those that systems give to clients, on Linux from 32768 on: neither a connection that somebody opens meanwhile
    // nor one that looks for the absent server takes it.
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>One on which nobody listens.</summary>
    public static int Free()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, End));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one, then.
            }
        }
    }
}
