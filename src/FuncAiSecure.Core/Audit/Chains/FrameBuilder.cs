using System.Buffers;

namespace FuncAiSecure.Core.Audit.Chains;

/// <summary>Builds one frame after the other in one array: what the journal takes is copied there and not kept. One thread at a time.</summary>
internal sealed class FrameBuilder : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[2048];
    private int _bodyAt;
    private int _length;

    /// <summary>The record's bytes, as written since <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> Body => _bytes.AsSpan(_bodyAt, _length - _bodyAt);

    /// <summary>Starts a frame; what is written then is its record.</summary>
    /// <param name="names">The names that it carries.</param>
    public void Begin(List<byte[]> names)
    {
        _length = 0;
        _bodyAt = Frame.BodyAt(names);
        Reserve(_bodyAt);
        _length = _bodyAt;
        Frame.WriteNames(_bytes, names);
    }

    /// <summary>The whole frame, which stands until the next <see cref="Begin"/>.</summary>
    public Frame Complete(long sequence, ReadOnlySpan<byte> mac)
    {
        Frame.WriteHead(_bytes, _length, sequence, mac);
        return new Frame(_bytes.AsMemory(0, _length));
    }

    /// <inheritdoc />
    public void Advance(int count) => _length += count;

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
        }
    }
}
