using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference;

/// <summary>Takes decimals from outputs, so that answers tell less of the model than it knows.</summary>
public static class OutputRounding
{
    /// <summary>Rounds a floating-point tensor in place, halves to even; other tensors stay.</summary>
    /// <param name="tensor">The output.</param>
    /// <param name="decimals">Decimals that stay, 0 to 9.</param>
    public static void Apply(Tensor tensor, int decimals)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Datatype == Datatype.Fp32)
        {
            Apply(tensor.Elements<float>(), decimals);
        }
        else if (tensor.Datatype == Datatype.Fp64)
        {
            foreach (ref var value in tensor.Elements<double>())
            {
                value = Math.Round(value, decimals);
            }
        }
        else if (tensor.Datatype == Datatype.Fp16)
        {
            foreach (ref var value in tensor.Elements<Half>())
            {
                value = (Half)Math.Round((double)value, decimals);
            }
        }
    }

    /// <summary>Rounds singles in place, halves to even.</summary>
    public static void Apply(Span<float> values, int decimals)
    {
        foreach (ref var value in values)
        {
            value = (float)Math.Round((double)value, decimals);
        }
    }
}
