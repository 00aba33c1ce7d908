using System.Globalization;
using System.Net;

namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>ONNX Runtime's telemetry is off: a run that loads models and infers opens no socket but to this machine.</summary>
[Collection(ServedAppGroup.Name)]
public sealed class SocketTests(ServedApp app)
{
    [Fact]
    public async Task A_run_opens_no_socket_but_loopback()
    {
        var seen = new HashSet<IPAddress>();
        for (var i = 0; i < 50; i++)
        {
            (await app.SendAsync("POST", "v1/classify", """{"model":"sms-spam","input":"hello there"}""")).Status.ShouldBe(200);
            seen.UnionWith(RemoteAddresses());
        }

        seen.ShouldNotBeEmpty("the client's own connection must be among them");
        seen.ShouldAllBe(address => IPAddress.IsLoopback(address));
        Core.Inference.Native.OnnxRuntimeGuard.IsTelemetryOff.ShouldBeTrue();
    }

    // The far ends of this process's TCP connections, as the kernel lists them.
    private static IEnumerable<IPAddress> RemoteAddresses()
    {
        var own = Directory.EnumerateFiles("/proc/self/fd")
            .Select(path => new FileInfo(path).LinkTarget ?? "")
            .Where(name => name.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(name => name["socket:[".Length..^1])
            .ToHashSet();
        return ((string[])["/proc/self/net/tcp", "/proc/self/net/tcp6"])
            .SelectMany(path => File.ReadLines(path).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => own.Contains(columns[9]))
            .Select(columns => Parse(columns[2].Split(':')[0]))
            .Where(address => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any));
    }

    // Hexadecimal 32-bit words in the machine's byte order.
    private static IPAddress Parse(string words)
    {
        var bytes = Enumerable.Range(0, words.Length / 8)
            .SelectMany(i => BitConverter.GetBytes(uint.Parse(words.AsSpan(i * 8, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
            .ToArray();
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
