using System.Buffers;
using System.IO.Pipelines;
using System.Text.Unicode;
using FuncAiSecure.Core;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.Http;

/// <summary>Reads a request body into pooled memory, never past its limit, whatever the headers promised.</summary>
internal static class BodyReader
{
    /// <summary>Reads the body into <paramref name="target"/>; a refusal if it is too large, cut short or not sent at all.</summary>
    public static async ValueTask<Refusal?> ReadAsync(HttpRequest request, PooledBuffer target, long maxBytes, CancellationToken cancellation)
    {
        var reader = request.BodyReader;
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var read = reader.ReadAsync(CancellationToken.None);
                var result = read.IsCompletedSuccessfully ? read.Result : await AwaitAsync(reader, read, cancellation).ConfigureAwait(false);
                var refusal = Append(reader, result.Buffer, target, maxBytes);
                if (refusal is not null || result.IsCompleted)
                {
                    return refusal;
                }
            }
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return RequestHeaders.BodyTooLarge(maxBytes);
        }
        catch (IOException)
        {
            // A length that no number holds and a connection that breaks have no exception of their own.
            return new Refusal(RefusalCode.MalformedRequest) { Detail = "The body ended early, came too slowly or was framed wrongly." };
        }
    }

    /// <summary>Refuses a JSON body that is empty, starts with a byte order mark or is not UTF-8.</summary>
    public static Refusal? CheckText(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return new Refusal(RefusalCode.MalformedRequest) { Detail = "A JSON body is required." };
        }

        return body.StartsWith("\uFEFF"u8) || !Utf8.IsValid(body)
            ? new Refusal(RefusalCode.MalformedRequest) { Detail = "The body must be UTF-8 without a byte order mark." }
            : null;
    }

    // A read that its token cuts off leaves the server's reader unusable, and the server cuts the connection; a read that is told to
    // stop ends in order.
    private static async ValueTask<ReadResult> AwaitAsync(PipeReader reader, ValueTask<ReadResult> read, CancellationToken cancellation)
    {
        await using var stop = cancellation.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader).ConfigureAwait(false);
        var result = await read.ConfigureAwait(false);
        if (result.IsCanceled)
        {
            reader.AdvanceTo(result.Buffer.Start);
            throw new OperationCanceledException(cancellation);
        }

        return result;
    }

    private static Refusal? Append(PipeReader reader, ReadOnlySequence<byte> received, PooledBuffer target, long maxBytes)
    {
        if (target.Length + received.Length > maxBytes)
        {
            reader.AdvanceTo(received.End);
            return RequestHeaders.BodyTooLarge(maxBytes);
        }

        foreach (var segment in received)
        {
            segment.Span.CopyTo(target.GetSpan(segment.Length));
            target.Advance(segment.Length);
        }

        reader.AdvanceTo(received.End);
        return null;
    }
}
