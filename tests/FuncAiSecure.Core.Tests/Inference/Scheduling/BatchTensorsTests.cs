using System.Buffers;
using System.Runtime.InteropServices;
using FuncAiSecure.Core.Inference.Scheduling;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;
using static FuncAiSecure.Core.Tests.Inference.TestModel;

namespace FuncAiSecure.Core.Tests.Inference.Scheduling;

/// <summary>What goes into a shared run below each other comes out of it to whom it belongs.</summary>
public class BatchTensorsTests
{
    [Theory]
    [InlineData(Datatype.Int64)]
    [InlineData(Datatype.Int32)]
    public void Each_row_is_padded_at_its_own_end(Datatype datatype)
    {
        var plan = Plan(Ids(datatype, 2, 7, first: 10), Ids(datatype, 2, 6, first: 30));

        using var joined = BatchTensors.Join(plan, 0);

        joined.Shape.ToArray().ShouldBe([4L, 7]);
        Numbers(joined).ShouldBe([
            10, 11, 12, 13, 14, 15, 16,
            17, 18, 19, 20, 21, 22, 23,
            30, 31, 32, 33, 34, 35, 99,
            36, 37, 38, 39, 40, 41, 99,
        ]);
    }

    [Fact]
    public void Padding_of_zero_holds_nothing_that_the_memory_held_before()
    {
        var plan = Plan(Ids(Datatype.Int64, 1, 7, padding: 0), Ids(Datatype.Int64, 1, 6, padding: 0));
        var held = ArrayPool<byte>.Shared.Rent(2 * 7 * sizeof(long));
        held.AsSpan().Fill(0xFF);
        ArrayPool<byte>.Shared.Return(held);

        using var joined = BatchTensors.Join(plan, 0);

        Numbers(joined).ShouldBe([0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 0]);
    }

    [Fact]
    public void Rows_of_one_number_each_join()
    {
        var plan = Plan(Flat(7, 8), Flat(9));

        using var joined = BatchTensors.Join(plan, 0);

        joined.Shape.ToArray().ShouldBe([3L]);
        Numbers(joined).ShouldBe([7L, 8, 9]);
    }

    [Fact]
    public void Each_gets_its_rows_without_what_is_padding()
    {
        var (longer, shorter) = (Ids(Datatype.Int64, 2, 7), Ids(Datatype.Int64, 2, 6));
        var plan = Plan(longer, shorter);
        using var output = Longs("y", [4, 7, 2], [.. Enumerable.Range(0, 56).Select(number => (long)number)]);

        using var first = BatchTensors.Part(output, plan, longer, 0);
        using var second = BatchTensors.Part(output, plan, shorter, 2);

        first.Shape.ToArray().ShouldBe([2L, 7, 2]);
        Numbers(first).ShouldBe(Enumerable.Range(0, 28).Select(number => (long)number));
        second.Shape.ToArray().ShouldBe([2L, 6, 2]);
        Numbers(second).ShouldBe(Enumerable.Range(28, 12).Concat(Enumerable.Range(42, 12)).Select(number => (long)number));
    }

    [Fact]
    public void Output_of_another_length_than_the_texts_stays_whole()
    {
        var (longer, shorter) = (Ids(Datatype.Int64, 1, 7), Ids(Datatype.Int64, 1, 6));
        using var output = Longs("y", [2, 3, 2], [.. Enumerable.Range(0, 12).Select(number => (long)number)]);

        using var part = BatchTensors.Part(output, Plan(longer, shorter), shorter, 1);

        part.Shape.ToArray().ShouldBe([1L, 3, 2]);
        Numbers(part).ShouldBe([6L, 7, 8, 9, 10, 11]);
    }

    [Fact]
    public void Texts_stay_with_their_rows()
    {
        var one = Texts([2, 2], "a", "", "bcd", "e");
        var two = Texts([1, 2], "f", "gh");
        var plan = Plan(one, two);

        using var joined = BatchTensors.Join(plan, 0);
        using var first = BatchTensors.Part(joined, plan, one, 0);
        using var second = BatchTensors.Part(joined, plan, two, 2);

        joined.Shape.ToArray().ShouldBe([3L, 2]);
        Enumerable.Range(0, joined.ElementCount).Select(joined.TextAsString).ShouldBe(["a", "", "bcd", "e", "f", "gh"]);
        first.Shape.ToArray().ShouldBe([2L, 2]);
        Enumerable.Range(0, first.ElementCount).Select(first.TextAsString).ShouldBe(["a", "", "bcd", "e"]);
        second.Shape.ToArray().ShouldBe([1L, 2]);
        Enumerable.Range(0, second.ElementCount).Select(second.TextAsString).ShouldBe(["f", "gh"]);
    }

    private static BatchPlan Plan(RunWork first, RunWork second)
    {
        var plan = new BatchPlan(first, maxRows: 8);
        plan.TryJoin(second).ShouldBeTrue();
        return plan;
    }

    private static RunWork Ids(Datatype datatype, int rows, int length, int first = 0, long padding = 99)
    {
        var tensor = Tensor.Rent("ids", datatype, [rows, length]);
        var numbers = Enumerable.Range(first, rows * length);
        if (datatype == Datatype.Int64)
        {
            numbers.Select(number => (long)number).ToArray().CopyTo(tensor.Elements<long>());
        }
        else
        {
            numbers.ToArray().CopyTo(tensor.Elements<int>());
        }

        return new RunWork([tensor], 1, Alice, CancellationToken.None) { HasTokens = true, Padding = [padding] };
    }

    private static RunWork Flat(params long[] numbers) =>
        new([Longs("x", [numbers.Length], numbers)], 1, Alice, CancellationToken.None);

    private static RunWork Texts(long[] shape, params string[] texts) =>
        new([Tensor.FromTexts("texts", texts, shape)], 1, Alice, CancellationToken.None);

    private static long[] Numbers(Tensor tensor) => tensor.Datatype == Datatype.Int64
        ? tensor.Elements<long>().ToArray()
        : [.. MemoryMarshal.Cast<byte, int>(tensor.Data).ToArray().Select(number => (long)number)];
}
