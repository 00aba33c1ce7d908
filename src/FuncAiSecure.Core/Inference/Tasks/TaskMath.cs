using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>What tasks compute from a graph's output. Sums are taken in double precision.</summary>
internal static class TaskMath
{
    /// <summary>A stretch of a floating-point tensor as singles.</summary>
    public static float[] Singles(Tensor tensor, int start, int count)
    {
        var values = new float[count];
        for (var index = 0; index < count; index++)
        {
            values[index] = tensor.Datatype switch
            {
                Datatype.Fp32 => tensor.Elements<float>()[start + index],
                Datatype.Fp64 => (float)tensor.Elements<double>()[start + index],
                _ => (float)tensor.Elements<Half>()[start + index],
            };
        }

        return values;
    }

    /// <summary>Turns raw outputs into probabilities, in place.</summary>
    public static void Activate(Span<float> values, Activation activation)
    {
        if (activation == Activation.Sigmoid)
        {
            foreach (ref var value in values)
            {
                value = (float)(1 / (1 + Math.Exp(-(double)value)));
            }
        }
        else if (activation == Activation.Softmax)
        {
            Softmax(values);
        }
    }

    /// <summary>One vector of the kept tokens' vectors.</summary>
    /// <param name="tokens">Token vectors below each other.</param>
    /// <param name="kept">Tokens from the start that the attention mask keeps; at least 1.</param>
    /// <param name="width">A vector's length.</param>
    /// <param name="pooling">How.</param>
    public static float[] Pool(ReadOnlySpan<float> tokens, int kept, int width, Pooling pooling)
    {
        var pooled = tokens[..width].ToArray();
        if (pooling == Pooling.Mean)
        {
            for (var column = 0; column < width; column++)
            {
                double sum = 0;
                for (var token = 0; token < kept; token++)
                {
                    sum += tokens[(token * width) + column];
                }

                pooled[column] = (float)(sum / kept);
            }
        }
        else if (pooling == Pooling.Max)
        {
            for (var token = 1; token < kept; token++)
            {
                for (var column = 0; column < width; column++)
                {
                    pooled[column] = Math.Max(pooled[column], tokens[(token * width) + column]);
                }
            }
        }

        return pooled;
    }

    /// <summary>Scales a vector to length 1; one of zeros stays.</summary>
    public static void Normalize(Span<float> vector)
    {
        double squares = 0;
        foreach (var value in vector)
        {
            squares += (double)value * value;
        }

        var scale = squares > 0 ? 1 / Math.Sqrt(squares) : 1;
        foreach (ref var value in vector)
        {
            value = (float)(value * scale);
        }
    }

    private static void Softmax(Span<float> values)
    {
        // Shifted by the largest, so that no exponential overflows.
        var largest = float.NegativeInfinity;
        foreach (var value in values)
        {
            largest = Math.Max(largest, value);
        }

        double sum = 0;
        foreach (var value in values)
        {
            sum += Math.Exp((double)value - largest);
        }

        foreach (ref var value in values)
        {
            value = (float)(Math.Exp((double)value - largest) / sum);
        }
    }
}
