using System.Text;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Tensors;

/// <summary>Wire names and sizes of <see cref="Datatype"/>, in the order of its members.</summary>
public static class TensorDatatypes
{
    private static readonly string[] Names =
    [
        "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP32", "FP64", "BYTES",
    ];

    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.ASCII.GetBytes)];

    private static readonly byte[] Sizes = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 0];

    /// <summary>The protocol's name, such as <c>FP32</c>.</summary>
    public static string WireName(this Datatype datatype) => Names[(int)datatype];

    /// <summary>Bytes an element; 0 for <see cref="Datatype.Bytes"/>, whose elements have a length each.</summary>
    public static int ElementSize(this Datatype datatype) => Sizes[(int)datatype];

    /// <summary>True if the protocol has a JSON form for the type.</summary>
    public static bool HasJsonForm(this Datatype datatype) => datatype is not (Datatype.Fp16 or Datatype.Bf16);

    /// <summary>Reads a wire name, exactly as the protocol spells it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out Datatype datatype)
    {
        for (var index = 0; index < Utf8Names.Length; index++)
        {
            if (name.SequenceEqual(Utf8Names[index]))
            {
                datatype = (Datatype)index;
                return true;
            }
        }

        datatype = default;
        return false;
    }

    /// <summary>Reads a wire name, exactly as the protocol spells it.</summary>
    public static bool TryParse(string name, out Datatype datatype)
    {
        var index = Array.IndexOf(Names, name);
        datatype = (Datatype)Math.Max(index, 0);
        return index >= 0;
    }

    internal static ReadOnlySpan<byte> Utf8Name(this Datatype datatype) => Utf8Names[(int)datatype];
}
