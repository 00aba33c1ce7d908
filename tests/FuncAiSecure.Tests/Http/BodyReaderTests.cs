using System.Text;
using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.Tests.Http;

public sealed class BodyReaderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99_999)]
    [InlineData(100_000)]
    public async Task A_body_up_to_the_limit_is_read_whole(int length)
    {
        var sent = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        using var buffer = new PooledBuffer();

        var refusal = await BodyReader.ReadAsync(RequestOf(new MemoryStream(sent)), buffer, 100_000, default);

        refusal.ShouldBeNull();
        buffer.Memory.ToArray().ShouldBe(sent);
    }

    [Fact]
    public async Task A_body_that_never_ends_is_refused_and_not_kept()
    {
        using var buffer = new PooledBuffer();

        var refusal = await BodyReader.ReadAsync(RequestOf(new EndlessStream()), buffer, 100_000, default);

        refusal!.Code.ShouldBe(RefusalCode.BodyTooLarge);
        buffer.Length.ShouldBeLessThanOrEqualTo(100_000);
    }

    public static TheoryData<IOException, RefusalCode> Faults => new()
    {
        { new BadHttpRequestException("too large", 413), RefusalCode.BodyTooLarge },
        { new BadHttpRequestException("cut short", 400), RefusalCode.MalformedRequest },
        { new BadHttpRequestException("too slow", 408), RefusalCode.MalformedRequest },
        { new IOException("a chunk of more than all memory"), RefusalCode.MalformedRequest },
        { new ConnectionResetException("the caller is gone"), RefusalCode.MalformedRequest },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task What_the_server_finds_while_reading_is_a_refusal(IOException fault, RefusalCode expected)
    {
        using var buffer = new PooledBuffer();

        var refusal = await BodyReader.ReadAsync(RequestOf(new FailingStream(fault)), buffer, 100_000, default);

        refusal!.Code.ShouldBe(expected);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}' })]
    [InlineData(new byte[] { (byte)'"', 0xC3, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0xAF, (byte)'"' })]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'{', 0 })]
    public void What_is_not_plain_UTF8_is_refused(byte[] body) =>
        BodyReader.CheckText(body)!.Code.ShouldBe(RefusalCode.MalformedRequest);

    [Fact]
    public void UTF8_passes() => BodyReader.CheckText(Encoding.UTF8.GetBytes("{\"a\":\"ä😀\"}")).ShouldBeNull();

    [Fact]
    public void A_returned_buffer_holds_nothing_of_what_it_held()
    {
        var buffer = new PooledBuffer();
        "secret"u8.CopyTo(buffer.GetSpan(6));
        buffer.Advance(6);
        var memory = buffer.Memory;

        buffer.Dispose();

        memory.ToArray().ShouldAllBe(value => value == 0);
    }

    private static HttpRequest RequestOf(Stream body)
    {
        var request = new DefaultHttpContext().Request;
        request.Body = body;
        return request;
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }

    private sealed class FailingStream(IOException fault) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw fault;
    }
}
