using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>
/// Tensor data as the protocol's binary extension lays it out: little-endian, row-major, BOOL as one byte of 0 or 1, BYTES as a
/// 32-bit length before each element. Lengths are checked before memory is rented; numbers must be finite, texts valid UTF-8.
/// </summary>
internal static class BinaryTensors
{
    /// <summary>Reads one tensor; null with a fault noted if the data is not what shape and datatype say.</summary>
    /// <param name="datatype">The element type.</param>
    /// <param name="shape">The dimensions, whose product is in range.</param>
    /// <param name="data">Exactly the tensor's bytes.</param>
    /// <param name="pointer">The JSON pointer of the input.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static Tensor? Read(Datatype datatype, long[] shape, ReadOnlySpan<byte> data, string pointer, ref RequestFaults? faults)
    {
        var count = Shapes.Count(shape);
        if (datatype == Datatype.Bytes)
        {
            return ReadTexts(shape, (int)count, data, pointer, ref faults);
        }

        if (count * datatype.ElementSize() != data.Length)
        {
            return Fault(ref faults, pointer, "The binary data does not have the length that shape and datatype say.");
        }

        var bad = FirstBad(datatype, data);
        if (bad >= 0)
        {
            return Fault(ref faults, string.Create(CultureInfo.InvariantCulture, $"{pointer}/data/{bad}"), "Must be a finite number, or 0 or 1 for BOOL.");
        }

        var tensor = Tensor.Rent("", datatype, shape);
        data.CopyTo(tensor.Data);
        return tensor;
    }

    /// <summary>The bytes that <see cref="Write"/> makes.</summary>
    public static int Size(Tensor tensor) =>
        tensor.Data.Length + (tensor.Datatype == Datatype.Bytes ? tensor.ElementCount * sizeof(uint) : 0);

    /// <summary>Writes one tensor's bytes to a span of at least <see cref="Size"/> bytes.</summary>
    public static void Write(Tensor tensor, Span<byte> destination)
    {
        if (tensor.Datatype != Datatype.Bytes)
        {
            tensor.Data.CopyTo(destination);
            return;
        }

        for (var index = 0; index < tensor.ElementCount; index++)
        {
            var text = tensor.Text(index);
            BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)text.Length);
            text.CopyTo(destination[sizeof(uint)..]);
            destination = destination[(sizeof(uint) + text.Length)..];
        }
    }

    /// <summary>The first element that is not finite (or no BOOL); -1 if all are good.</summary>
    public static int FirstBad(Datatype datatype, ReadOnlySpan<byte> data) => datatype switch
    {
        Datatype.Fp32 => FirstWithExponent(MemoryMarshal.Cast<byte, uint>(data), 0x7F80_0000u),
        Datatype.Fp64 => FirstWithExponent(MemoryMarshal.Cast<byte, ulong>(data), 0x7FF0_0000_0000_0000ul),
        Datatype.Fp16 => FirstWithExponent(MemoryMarshal.Cast<byte, ushort>(data), (ushort)0x7C00),
        Datatype.Bf16 => FirstWithExponent(MemoryMarshal.Cast<byte, ushort>(data), (ushort)0x7F80),
        Datatype.Bool => data.IndexOfAnyExceptInRange((byte)0, (byte)1),
        _ => -1,
    };

    // All exponent bits set: an infinity or not a number.
    private static int FirstWithExponent<T>(ReadOnlySpan<T> values, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var index = 0;
        for (var mask = new Vector<T>(exponent); index + Vector<T>.Count <= values.Length; index += Vector<T>.Count)
        {
            if (Vector.EqualsAny(new Vector<T>(values[index..]) & mask, mask))
            {
                break;
            }
        }

        for (; index < values.Length; index++)
        {
            if ((values[index] & exponent) == exponent)
            {
                return index;
            }
        }

        return -1;
    }

    private static Tensor? ReadTexts(long[] shape, int count, ReadOnlySpan<byte> data, string pointer, ref RequestFaults? faults)
    {
        const string Lengths = "The lengths in the binary data do not sum to its size.";
        if ((long)count * sizeof(uint) > data.Length)
        {
            return Fault(ref faults, pointer, Lengths);
        }

        using var texts = new TextTensorBuilder(count, data.Length - (count * sizeof(uint)));
        for (var index = 0; index < count; index++)
        {
            if (data.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(data) is var length && length > data.Length - sizeof(uint))
            {
                return Fault(ref faults, pointer, Lengths);
            }

            var text = data.Slice(sizeof(uint), (int)length);
            if (!Utf8.IsValid(text))
            {
                return Fault(ref faults, string.Create(CultureInfo.InvariantCulture, $"{pointer}/data/{index}"), "Must be valid UTF-8.");
            }

            text.CopyTo(texts.Reserve(text.Length));
            texts.EndElement();
            data = data[(sizeof(uint) + text.Length)..];
        }

        return data.IsEmpty ? texts.Build("", shape) : Fault(ref faults, pointer, Lengths);
    }

    private static Tensor? Fault(ref RequestFaults? faults, string pointer, string message)
    {
        (faults ??= new RequestFaults()).Add(pointer, message);
        return null;
    }
}
