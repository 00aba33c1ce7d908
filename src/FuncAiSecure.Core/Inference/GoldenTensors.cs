using System.Numerics;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference;

/// <summary>Golden tensors to tensors and back.</summary>
internal static class GoldenTensors
{
    public static Tensor ToTensor(GoldenTensor golden)
    {
        var shape = golden.Shape.ToArray();
        if (golden.Datatype == Datatype.Bytes)
        {
            return Tensor.FromTexts(golden.Name, golden.Texts, shape);
        }

        var tensor = Tensor.Rent(golden.Name, golden.Datatype, shape);
        switch (golden.Datatype)
        {
            case Datatype.Fp32: Fill<float>(tensor, golden); break;
            case Datatype.Fp64: Fill<double>(tensor, golden); break;
            case Datatype.Fp16: Fill<Half>(tensor, golden); break;
            case Datatype.Bf16:
                for (var index = 0; index < tensor.ElementCount; index++)
                {
                    tensor.Elements<ushort>()[index] = OutputRounding.ToBrainFloat((float)golden.Numbers[index]);
                }

                break;
            case Datatype.Int64: Fill<long>(tensor, golden); break;
            case Datatype.Int32: Fill<int>(tensor, golden); break;
            case Datatype.Int16: Fill<short>(tensor, golden); break;
            case Datatype.Int8: Fill<sbyte>(tensor, golden); break;
            case Datatype.Uint64: Fill<ulong>(tensor, golden); break;
            case Datatype.Uint32: Fill<uint>(tensor, golden); break;
            case Datatype.Uint16: Fill<ushort>(tensor, golden); break;
            default: Fill<byte>(tensor, golden); break;
        }

        return tensor;
    }

    public static GoldenTensor FromTensor(Tensor tensor) => new()
    {
        Name = tensor.Name,
        Datatype = tensor.Datatype,
        Shape = [.. tensor.Shape],
        Numbers = tensor.Datatype switch
        {
            Datatype.Bytes => [],
            Datatype.Fp32 => [.. Numbers<float>(tensor)],
            Datatype.Fp64 => [.. Numbers<double>(tensor)],
            Datatype.Fp16 => [.. Numbers<Half>(tensor)],
            Datatype.Bf16 => [.. tensor.Elements<ushort>().ToArray().Select(bits => (double)BitConverter.UInt32BitsToSingle((uint)bits << 16))],
            Datatype.Int64 => [.. Numbers<long>(tensor)],
            Datatype.Int32 => [.. Numbers<int>(tensor)],
            Datatype.Int16 => [.. Numbers<short>(tensor)],
            Datatype.Int8 => [.. Numbers<sbyte>(tensor)],
            Datatype.Uint64 => [.. Numbers<ulong>(tensor)],
            Datatype.Uint32 => [.. Numbers<uint>(tensor)],
            Datatype.Uint16 => [.. Numbers<ushort>(tensor)],
            _ => [.. Numbers<byte>(tensor)],
        },
        Texts = tensor.Datatype == Datatype.Bytes ? [.. Enumerable.Range(0, tensor.ElementCount).Select(tensor.TextAsString)] : [],
    };

    private static void Fill<T>(Tensor tensor, GoldenTensor golden)
        where T : unmanaged, INumber<T>
    {
        var elements = tensor.Elements<T>();
        for (var index = 0; index < elements.Length; index++)
        {
            elements[index] = T.CreateChecked(golden.Numbers[index]);
        }
    }

    private static IEnumerable<double> Numbers<T>(Tensor tensor)
        where T : unmanaged, INumber<T> =>
        tensor.Elements<T>().ToArray().Select(double.CreateTruncating);
}
