using System.Numerics;
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
        else if (tensor.Datatype == Datatype.Bf16)
        {
            AsSingles(tensor, values => Apply(values, decimals));
        }
    }

    /// <summary>
    /// Leaves only the best scores of each row, after rounding; the others become 0, or less where a score that stays is not above 0. The
    /// best one stays above the others, whatever rounding made of it.
    /// </summary>
    /// <param name="tensor">The output; left alone if it is not of floating point or its last dimension is not <paramref name="labels"/>.</param>
    /// <param name="labels">How many scores a row has.</param>
    /// <param name="topK">How many stay.</param>
    /// <param name="decimals">Decimals that stay; null rounds nothing.</param>
    public static void Keep(Tensor tensor, int labels, int topK, int? decimals)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (labels == 0 || topK >= labels || tensor.Shape.IsEmpty || tensor.Shape[^1] != labels)
        {
            return;
        }

        switch (tensor.Datatype)
        {
            case Datatype.Fp32:
                Keep(tensor.Elements<float>(), labels, topK, decimals);
                break;
            case Datatype.Fp64:
                Keep(tensor.Elements<double>(), labels, topK, decimals);
                break;
            case Datatype.Fp16:
                Keep(tensor.Elements<Half>(), labels, topK, decimals);
                break;
            case Datatype.Bf16:
                AsSingles(tensor, values => Keep<float>(values, labels, topK, decimals));
                break;
        }
    }

    private static void AsSingles(Tensor tensor, Action<float[]> change)
    {
        var elements = tensor.Elements<ushort>();
        var singles = new float[elements.Length];
        for (var index = 0; index < singles.Length; index++)
        {
            singles[index] = BitConverter.UInt32BitsToSingle((uint)elements[index] << 16);
        }

        change(singles);
        for (var index = 0; index < singles.Length; index++)
        {
            elements[index] = ToBrainFloat(singles[index]);
        }
    }

    /// <summary>The bits of the nearest finite BF16 to a finite single, halves to even.</summary>
    internal static ushort ToBrainFloat(float value)
    {
        const int Infinity = 0x7F80;
        var bits = BitConverter.SingleToUInt32Bits(value);
        var nearest = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;

        // The largest singles lie above the largest BF16, and no answer can hold an infinity.
        return (ushort)((nearest & 0x7FFF) == Infinity ? nearest - 1 : nearest);
    }

    private static void Keep<T>(Span<T> values, int labels, int topK, int? decimals)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var order = new int[labels];
        for (; values.Length >= labels; values = values[labels..])
        {
            var row = values[..labels].ToArray();
            for (var i = 0; i < labels; i++)
            {
                order[i] = i;
            }

            Array.Sort(order, (a, b) => row[b].CompareTo(row[a]) is var c and not 0 ? c : a - b);
            var others = T.Zero;
            for (var i = 0; i < topK; i++)
            {
                var shown = decimals is { } places ? T.CreateTruncating(Math.Round(double.CreateTruncating(row[order[i]]), places)) : row[order[i]];
                values[order[i]] = shown;
                others = T.Min(others, shown);
            }

            if (others < T.Zero || values[order[0]] <= T.Zero)
            {
                // Less by one is the same number again where numbers are large: of BF16 from 256 on.
                others = T.Max(others - T.Max(T.One, T.Abs(others) / T.CreateTruncating(64)), T.MinValue);
            }

            for (var i = topK; i < labels; i++)
            {
                values[order[i]] = others;
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
