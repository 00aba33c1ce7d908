using System.Collections.Immutable;
using System.Numerics;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference;

/// <summary>Numeric limits over a whole tensor.</summary>
internal static class ElementRange
{
    /// <summary>The first element outside the inclusive limits, or not among the allowed numbers if there are any; -1 if none is. BOOL and the half-size floats count as numbers too.</summary>
    public static int FirstOutside(Tensor tensor, double least, double most, ImmutableArray<double> allowed) => tensor.Datatype switch
    {
        Datatype.Fp32 => First<float>(tensor, least, most, allowed),
        Datatype.Fp64 => First<double>(tensor, least, most, allowed),
        Datatype.Fp16 => First<Half>(tensor, least, most, allowed),
        Datatype.Bf16 => FirstBrainFloat(tensor, least, most, allowed),
        Datatype.Int64 => First<long>(tensor, least, most, allowed),
        Datatype.Int32 => First<int>(tensor, least, most, allowed),
        Datatype.Int16 => First<short>(tensor, least, most, allowed),
        Datatype.Int8 => First<sbyte>(tensor, least, most, allowed),
        Datatype.Uint64 => First<ulong>(tensor, least, most, allowed),
        Datatype.Uint32 => First<uint>(tensor, least, most, allowed),
        Datatype.Uint16 => First<ushort>(tensor, least, most, allowed),
        Datatype.Uint8 or Datatype.Bool => First<byte>(tensor, least, most, allowed),
        _ => -1,
    };

    private static int First<T>(Tensor tensor, double least, double most, ImmutableArray<double> allowed)
        where T : unmanaged, INumber<T>
    {
        var values = tensor.Elements<T>();
        for (var index = 0; index < values.Length; index++)
        {
            var value = double.CreateTruncating(values[index]);
            if (!(value >= least && value <= most) || !(allowed.IsEmpty || allowed.Contains(value)))
            {
                return index;
            }
        }

        return -1;
    }

    private static int FirstBrainFloat(Tensor tensor, double least, double most, ImmutableArray<double> allowed)
    {
        var values = tensor.Elements<ushort>();
        for (var index = 0; index < values.Length; index++)
        {
            var value = BitConverter.UInt32BitsToSingle((uint)values[index] << 16);
            if (!(value >= least && value <= most) || !(allowed.IsEmpty || allowed.Contains(value)))
            {
                return index;
            }
        }

        return -1;
    }
}
