using System.Buffers;
using System.IO.Compression;

namespace FuncAiSecure.Core.Audit.Storage;

/// <summary>
/// A row's JSON Lines as Brotli (RFC 7932), at its fastest setting: members and values repeat from record to record, so a full row
/// is a tenth of its lines, which is what storage takes, keeps and bills.
/// </summary>
internal static class PackedLines
{
    /// <summary>Bytes of lines at most: nothing that was stored here unpacks to more.</summary>
    public const int MaxBytes = 1 << 19;

    private const int Quality = 1;
    private const int Window = 18;

    /// <summary>Packs at most <see cref="MaxBytes"/>.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> lines)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lines.Length, MaxBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(lines.Length));
        try
        {
            return BrotliEncoder.TryCompress(lines, buffer, out var length, Quality, Window)
                ? buffer[..length]
                : throw new InvalidOperationException("An audit row could not be packed.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The lines; null for anything that <see cref="Pack"/> did not make, however much it would unpack to.</summary>
    public static byte[]? Unpack(ReadOnlySpan<byte> packed)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        using var decoder = new BrotliDecoder();
        try
        {
            return decoder.Decompress(packed, buffer.AsSpan(0, MaxBytes), out var read, out var length) == OperationStatus.Done && read == packed.Length
                ? buffer[..length]
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
