using System.Buffers;

namespace FuncAiSecure.Core.Inference.Tensors;

/// <summary>Collects the elements of a text tensor in pooled memory that grows. Dispose gives back what no tensor took over.</summary>
internal sealed class TextTensorBuilder(int elementCount, int expectedBytes) : IDisposable
{
    private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(expectedBytes, 16));
    private int[]? _offsets = ArrayPool<int>.Shared.Rent(elementCount + 1);
    private int _used;
    private int _elements;

    /// <summary>Elements that are complete.</summary>
    public int Elements => _elements;

    /// <summary>Room for exactly this many more bytes of the current element, counted as used.</summary>
    public Span<byte> Reserve(int length)
    {
        var bytes = _bytes!;
        if (bytes.Length - _used < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_used + length), bytes.Length * 2));
            bytes.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
            _bytes = bytes = larger;
        }

        _used += length;
        return bytes.AsSpan(_used - length, length);
    }

    /// <summary>Gives back the last bytes of what was reserved.</summary>
    public void Trim(int length) => _used -= length;

    /// <summary>Closes the current element.</summary>
    public void EndElement()
    {
        _offsets![0] = 0;
        _offsets[++_elements] = _used;
    }

    /// <summary>Hands the memory over to a tensor; the builder is empty afterwards.</summary>
    public Tensor Build(string name, long[] shape)
    {
        _offsets![0] = 0;
        var tensor = Tensor.OfTexts(name, shape, _elements, _bytes!, _used, _offsets);
        _bytes = null;
        _offsets = null;
        return tensor;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_bytes is { } bytes)
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
            _bytes = null;
        }

        if (_offsets is { } offsets)
        {
            ArrayPool<int>.Shared.Return(offsets);
            _offsets = null;
        }
    }
}
