using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Tensors;

/// <summary>
/// A named tensor over pooled memory, row-major and little-endian. Whoever holds it disposes it once; after that its spans
/// must not be touched. Not safe for use by several threads.
/// </summary>
public sealed class Tensor : IDisposable
{
    private byte[]? _bytes;
    private int[]? _offsets;
    private readonly long[] _shape;
    private readonly int _byteCount;

    private Tensor(string name, Datatype datatype, long[] shape, int elementCount, byte[] rented, int byteCount, int[]? offsets)
    {
        Name = name;
        Datatype = datatype;
        _shape = shape;
        ElementCount = elementCount;
        _bytes = rented;
        _byteCount = byteCount;
        _offsets = offsets;
    }

    /// <summary>The input's or output's name.</summary>
    public string Name { get; internal set; }

    /// <summary>The element type.</summary>
    public Datatype Datatype { get; }

    /// <summary>The dimensions, all at least 1 for what came over the wire; empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>The product of the dimensions.</summary>
    public int ElementCount { get; }

    /// <summary>All elements as they lie in memory; for <see cref="Datatype.Bytes"/> the concatenated elements without lengths.</summary>
    public Span<byte> Data => Rented.AsSpan(0, _byteCount);

    internal long[] ShapeArray => _shape;

    internal Memory<byte> Memory => Rented.AsMemory(0, _byteCount);

    private byte[] Rented => _bytes ?? throw new ObjectDisposedException(nameof(Tensor));

    /// <summary>The elements of a fixed-size type; the size of <typeparamref name="T"/> must be the datatype's.</summary>
    public Span<T> Elements<T>()
        where T : unmanaged =>
        Unsafe.SizeOf<T>() == Datatype.ElementSize()
            ? MemoryMarshal.Cast<byte, T>(Data)
            : throw new InvalidOperationException("The element type does not have the tensor's element size.");

    /// <summary>One element of a <see cref="Datatype.Bytes"/> tensor.</summary>
    public ReadOnlySpan<byte> Text(int index)
    {
        var offsets = _offsets ?? throw new InvalidOperationException("Only BYTES tensors have texts.");
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)ElementCount, nameof(index));
        return Rented.AsSpan(offsets[index]..offsets[index + 1]);
    }

    /// <summary>One element of a <see cref="Datatype.Bytes"/> tensor as a string.</summary>
    public string TextAsString(int index) => Encoding.UTF8.GetString(Text(index));

    /// <summary>Memory for a tensor of a fixed-size type; its contents are undefined until written.</summary>
    public static Tensor Rent(string name, Datatype datatype, long[] shape)
    {
        var count = checked((int)Shapes.Count(shape));
        var size = checked(count * datatype.ElementSize());
        return new Tensor(name, datatype, shape, count, ArrayPool<byte>.Shared.Rent(size), size, null);
    }

    /// <summary>A text tensor; of one dimension where no shape is given.</summary>
    public static Tensor FromTexts(string name, IReadOnlyList<string> texts, long[]? shape = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        using var builder = new TextTensorBuilder(texts.Count, texts.Sum(text => text.Length));
        foreach (var text in texts)
        {
            Encoding.UTF8.GetBytes(text, builder.Reserve(Encoding.UTF8.GetByteCount(text)));
            builder.EndElement();
        }

        return builder.Build(name, shape ?? [texts.Count]);
    }

    /// <summary>A tensor of the same name and shape with other texts; this one is disposed.</summary>
    internal Tensor TakeTexts(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfNotEqual(texts.Count, ElementCount);
        var other = FromTexts(Name, texts, _shape);
        Dispose();
        return other;
    }

    internal static Tensor OfTexts(string name, long[] shape, int elementCount, byte[] rented, int byteCount, int[] offsets) =>
        new(name, Datatype.Bytes, shape, elementCount, rented, byteCount, offsets);

    /// <summary>Gives the memory back; a second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
        {
            // Callers' data: the next renter gets zeros.
            bytes.AsSpan(0, _byteCount).Clear();
            ArrayPool<byte>.Shared.Return(bytes);
        }

        if (Interlocked.Exchange(ref _offsets, null) is { } offsets)
        {
            ArrayPool<int>.Shared.Return(offsets);
        }
    }
}
