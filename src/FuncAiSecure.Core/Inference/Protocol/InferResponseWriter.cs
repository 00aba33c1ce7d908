using System.Buffers;
using System.Runtime.InteropServices;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>Writes Open Inference Protocol v2 answers: JSON, and behind it the binary data of the outputs that were asked for so.</summary>
public static class InferResponseWriter
{
    /// <summary>Writes an answer whose numbers are all finite (<see cref="OutputContract"/> has looked).</summary>
    /// <param name="output">Receives the body.</param>
    /// <param name="modelName">The model that ran.</param>
    /// <param name="modelVersion">The version that ran.</param>
    /// <param name="request">What was asked: the identifier and the outputs' forms.</param>
    /// <param name="tensors">The outputs, in order.</param>
    /// <returns>The length of the JSON where binary data follows it (<c>Inference-Header-Content-Length</c>), else null.</returns>
    public static int? Write(IBufferWriter<byte> output, string modelName, int modelVersion, InferRequest request, IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(tensors);
        var counted = new CountingWriter(output);
        WriteJson(counted, modelName, modelVersion, request, tensors);
        var length = counted.Written;
        var binary = false;
        for (var index = 0; index < tensors.Count; index++)
        {
            if (IsBinary(request, tensors[index]))
            {
                binary = true;
                var size = BinaryTensors.Size(tensors[index]);
                BinaryTensors.Write(tensors[index], output.GetSpan(size));
                output.Advance(size);
            }
        }

        return binary ? length : null;
    }

    private static void WriteJson(CountingWriter output, string modelName, int modelVersion, InferRequest request, IReadOnlyList<Tensor> tensors)
    {
        output.Raw("{\"model_name\":"u8);
        output.String(modelName);
        output.Raw(",\"model_version\":\""u8);
        output.Number(modelVersion);
        output.Raw("\""u8);
        if (request.Id is { } id)
        {
            output.Raw(",\"id\":"u8);
            output.String(id);
        }

        output.Raw(",\"outputs\":["u8);
        for (var index = 0; index < tensors.Count; index++)
        {
            if (index > 0)
            {
                output.Raw(","u8);
            }

            WriteTensor(output, tensors[index], IsBinary(request, tensors[index]));
        }

        output.Raw("]}"u8);
    }

    private static void WriteTensor(CountingWriter output, Tensor tensor, bool binary)
    {
        output.Raw("{\"name\":"u8);
        output.String(tensor.Name);
        output.Raw(",\"datatype\":\""u8);
        output.Raw(tensor.Datatype.Utf8Name());
        output.Raw("\",\"shape\":["u8);
        output.Numbers(tensor.Shape);
        if (binary)
        {
            output.Raw("],\"parameters\":{\"binary_data_size\":"u8);
            output.Number(BinaryTensors.Size(tensor));
            output.Raw("}}"u8);
            return;
        }

        output.Raw("],\"data\":["u8);
        WriteData(output, tensor);
        output.Raw("]}"u8);
    }

    private static void WriteData(CountingWriter output, Tensor tensor)
    {
        var data = tensor.Data;
        switch (tensor.Datatype)
        {
            case Datatype.Fp32:
                output.Numbers<float>(MemoryMarshal.Cast<byte, float>(data));
                break;
            case Datatype.Fp64:
                output.Numbers<double>(MemoryMarshal.Cast<byte, double>(data));
                break;
            case Datatype.Int64:
                output.Numbers<long>(MemoryMarshal.Cast<byte, long>(data));
                break;
            case Datatype.Int32:
                output.Numbers<int>(MemoryMarshal.Cast<byte, int>(data));
                break;
            case Datatype.Int16:
                output.Numbers<short>(MemoryMarshal.Cast<byte, short>(data));
                break;
            case Datatype.Int8:
                output.Numbers<sbyte>(MemoryMarshal.Cast<byte, sbyte>(data));
                break;
            case Datatype.Uint64:
                output.Numbers<ulong>(MemoryMarshal.Cast<byte, ulong>(data));
                break;
            case Datatype.Uint32:
                output.Numbers<uint>(MemoryMarshal.Cast<byte, uint>(data));
                break;
            case Datatype.Uint16:
                output.Numbers<ushort>(MemoryMarshal.Cast<byte, ushort>(data));
                break;
            case Datatype.Uint8:
                output.Numbers<byte>(data);
                break;
            case Datatype.Fp16:
                output.Numbers<Half>(MemoryMarshal.Cast<byte, Half>(data));
                break;
            case Datatype.Bf16:
                WriteBrainFloats(output, MemoryMarshal.Cast<byte, ushort>(data));
                break;
            case Datatype.Bool:
                WriteBools(output, data);
                break;
            default:
                WriteTexts(output, tensor);
                break;
        }
    }

    private static void WriteBrainFloats(CountingWriter output, ReadOnlySpan<ushort> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            output.Raw(index > 0 ? ","u8 : default);
            output.Numbers<float>([BitConverter.UInt32BitsToSingle((uint)values[index] << 16)]);
        }
    }

    private static void WriteBools(CountingWriter output, ReadOnlySpan<byte> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            output.Raw(index > 0 ? ","u8 : default);
            output.Raw(values[index] != 0 ? "true"u8 : "false"u8);
        }
    }

    private static void WriteTexts(CountingWriter output, Tensor tensor)
    {
        for (var index = 0; index < tensor.ElementCount; index++)
        {
            output.Raw(index > 0 ? ","u8 : default);
            output.String(tensor.Text(index));
        }
    }

    private static bool IsBinary(InferRequest request, Tensor tensor)
    {
        foreach (var asked in request.Outputs)
        {
            if (asked.Name == tensor.Name)
            {
                return asked.Binary ?? request.BinaryOutput;
            }
        }

        return request.BinaryOutput;
    }

    private sealed class CountingWriter(IBufferWriter<byte> inner) : IBufferWriter<byte>
    {
        public int Written { get; private set; }

        public void Advance(int count)
        {
            inner.Advance(count);
            Written += count;
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
    }
}
