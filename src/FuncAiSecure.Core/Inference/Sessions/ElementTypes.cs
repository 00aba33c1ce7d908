using FuncAiSecure.Core.Models;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FuncAiSecure.Core.Inference.Sessions;

/// <summary>The runtime's element types for ours.</summary>
internal static class ElementTypes
{
    private static readonly TensorElementType[] ByDatatype =
    [
        TensorElementType.Bool, TensorElementType.UInt8, TensorElementType.UInt16, TensorElementType.UInt32, TensorElementType.UInt64,
        TensorElementType.Int8, TensorElementType.Int16, TensorElementType.Int32, TensorElementType.Int64,
        TensorElementType.Float16, TensorElementType.BFloat16, TensorElementType.Float, TensorElementType.Double, TensorElementType.String,
    ];

    public static TensorElementType Of(Datatype datatype) => ByDatatype[(int)datatype];

    /// <summary>False for types that the protocol does not have, such as complex numbers.</summary>
    public static bool TryGetDatatype(TensorElementType type, out Datatype datatype)
    {
        var index = Array.IndexOf(ByDatatype, type);
        datatype = (Datatype)Math.Max(index, 0);
        return index >= 0;
    }
}
