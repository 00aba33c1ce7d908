using System.Buffers.Binary;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Scheduling;

/// <summary>Joins the members' inputs into one tensor each, and takes the outputs apart again.</summary>
internal static class BatchTensors
{
    /// <summary>Input <paramref name="index"/> of all members below each other, padded to the longest. The caller disposes it.</summary>
    public static Tensor Join(BatchPlan plan, int index)
    {
        var first = plan.Members[0].Inputs[index];
        var shape = first.Shape.ToArray();
        shape[0] = plan.Rows;
        if (plan.Members[0].Padding is not null)
        {
            shape[1] = plan.Length;
        }

        return first.Datatype == Datatype.Bytes ? JoinTexts(plan, index, shape) : JoinElements(plan, index, shape);
    }

    /// <summary>The rows (and, where the output has one vector a token, the length) of one member.</summary>
    /// <param name="joined">An output of the shared run.</param>
    /// <param name="plan">Who shared it.</param>
    /// <param name="work">Whose part is taken.</param>
    /// <param name="firstRow">The member's first row.</param>
    public static Tensor Part(Tensor joined, BatchPlan plan, RunWork work, int firstRow)
    {
        var shape = joined.Shape.ToArray();
        shape[0] = work.Rows;
        if (joined.Datatype == Datatype.Bytes)
        {
            return PartOfTexts(joined, shape, firstRow, work.Rows);
        }

        var rowBytes = joined.Data.Length / plan.Rows;
        var rows = joined.Data.Slice(firstRow * rowBytes, work.Rows * rowBytes);

        // Two dimensions are a row's own numbers, of which there may be as many as tokens.
        if (work.Padding is null || shape.Length < 3 || shape[1] != plan.Length || work.Length == plan.Length)
        {
            var whole = Tensor.Rent(joined.Name, joined.Datatype, shape);
            rows.CopyTo(whole.Data);
            return whole;
        }

        shape[1] = work.Length;
        var part = Tensor.Rent(joined.Name, joined.Datatype, shape);
        var kept = rowBytes / plan.Length * work.Length;
        for (var row = 0; row < work.Rows; row++)
        {
            rows.Slice(row * rowBytes, kept).CopyTo(part.Data[(row * kept)..]);
        }

        return part;
    }

    private static Tensor JoinElements(BatchPlan plan, int index, long[] shape)
    {
        var joined = Tensor.Rent("", plan.Members[0].Inputs[index].Datatype, shape);
        var rowBytes = joined.Data.Length / plan.Rows;
        var rest = joined.Data;
        foreach (var work in plan.Members)
        {
            var data = work.Inputs[index].Data;
            if (work.Length == plan.Length || work.Padding is null)
            {
                data.CopyTo(rest);
            }
            else
            {
                Pad(data, rest[..(work.Rows * rowBytes)], work, rowBytes, work.Padding[index], joined.Datatype);
            }

            rest = rest[(work.Rows * rowBytes)..];
        }

        return joined;
    }

    private static void Pad(ReadOnlySpan<byte> from, Span<byte> to, RunWork work, int rowBytes, long value, Datatype datatype)
    {
        var kept = from.Length / work.Rows;
        for (var row = 0; row < work.Rows; row++)
        {
            var target = to.Slice(row * rowBytes, rowBytes);
            from.Slice(row * kept, kept).CopyTo(target);
            Fill(target[kept..], value, datatype);
        }
    }

    private static void Fill(Span<byte> target, long value, Datatype datatype)
    {
        target.Clear();
        var size = datatype.ElementSize();
        for (var at = 0; value != 0 && at < target.Length; at += size)
        {
            if (size == sizeof(long))
            {
                BinaryPrimitives.WriteInt64LittleEndian(target[at..], value);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(target[at..], (int)value);
            }
        }
    }

    private static Tensor JoinTexts(BatchPlan plan, int index, long[] shape)
    {
        using var texts = new TextTensorBuilder((int)Shapes.Count(shape), 256);
        foreach (var work in plan.Members)
        {
            for (var element = 0; element < work.Inputs[index].ElementCount; element++)
            {
                var text = work.Inputs[index].Text(element);
                text.CopyTo(texts.Reserve(text.Length));
                texts.EndElement();
            }
        }

        return texts.Build("", shape);
    }

    private static Tensor PartOfTexts(Tensor joined, long[] shape, int firstRow, int rows)
    {
        var perRow = joined.ElementCount / (int)joined.Shape[0];
        using var texts = new TextTensorBuilder(rows * perRow, 256);
        for (var element = firstRow * perRow; element < (firstRow + rows) * perRow; element++)
        {
            var text = joined.Text(element);
            text.CopyTo(texts.Reserve(text.Length));
            texts.EndElement();
        }

        return texts.Build(joined.Name, shape);
    }
}
