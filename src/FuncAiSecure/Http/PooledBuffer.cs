using System.Buffers;

namespace FuncAiSecure.Http;

/// <summary>A growing byte buffer over the shared pool. Cleared on return, because it holds callers' text and answers.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _array = [];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    /// <inheritdoc />
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - Length);
        Length += count;
    }

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(Length);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(Length);
    }

    /// <summary>Forgets what was written and keeps the memory.</summary>
    public void Clear()
    {
        _array.AsSpan(0, Length).Clear();
        Length = 0;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_array.Length > 0)
        {
            Clear();
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
        }
    }

    private void Reserve(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 256);
        if (_array.Length - Length >= needed)
        {
            return;
        }

        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(Length + needed, _array.Length * 2));
        Span.CopyTo(grown);
        var written = Length;
        Dispose();
        _array = grown;
        Length = written;
    }
}
