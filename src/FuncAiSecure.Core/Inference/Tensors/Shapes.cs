namespace FuncAiSecure.Core.Inference.Tensors;

/// <summary>Arithmetic over shapes that cannot overflow.</summary>
internal static class Shapes
{
    /// <summary>The largest element count that is ever taken, whatever the datatype.</summary>
    public const long MaxElements = 1L << 27;

    /// <summary>The number of elements; -1 if a dimension is negative or the product passes <see cref="MaxElements"/>.</summary>
    public static long Count(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            if (dimension < 0 || dimension > MaxElements || (count *= dimension) > MaxElements)
            {
                return -1;
            }
        }

        return count;
    }
}
