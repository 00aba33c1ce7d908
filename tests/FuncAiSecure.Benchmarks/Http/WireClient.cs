using System.Net.Sockets;
using System.Text;

namespace FuncAiSecure.Benchmarks.Http;

/// <summary>One kept-alive connection that sends the same request again and again; it allocates nothing of note, and so costs every peer the same.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[8192];

    public WireClient(Uri address, string target, string body, string? key = null, string headers = "")
    {
        _request = Encoding.ASCII.GetBytes(
            $"{target} HTTP/1.1\r\nHost: {address.Authority}\r\n{(key is null ? "" : $"x-api-key: {key}\r\n")}{headers}" + (body.Length == 0 ? "\r\n" : $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        _socket.Connect(address.Host, address.Port);
    }

    /// <summary>Sends the request and reads the answer; its status.</summary>
    public async ValueTask<int> ExchangeAsync(CancellationToken cancellation)
    {
        await _socket.SendAsync(_request, cancellation);
        var length = 0;
        int end;
        do
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(length), cancellation);
            length = read > 0 ? length + read : throw new IOException("The server closed the connection.");
            end = EndOf(_answer.AsSpan(0, length));
        }
        while (end < 0 || length < end);
        return ((_answer[9] - '0') * 100) + ((_answer[10] - '0') * 10) + _answer[11] - '0';
    }

    public void Dispose() => _socket.Dispose();

    // Where the answer ends, by its length or its last chunk; -1 where the head is not whole yet.
    private static int EndOf(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return -1;
        }

        var name = answer[..head].IndexOf("Content-Length: "u8);
        if (name < 0)
        {
            return answer.EndsWith("0\r\n\r\n"u8) ? answer.Length : -1;
        }

        var length = 0;
        for (var at = name + 16; answer[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            length = (length * 10) + answer[at] - '0';
        }

        return head + 4 + length;
    }
}
