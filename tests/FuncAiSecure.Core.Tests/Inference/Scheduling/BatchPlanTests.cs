using FuncAiSecure.Core.Inference.Scheduling;
using FuncAiSecure.Core.Inference.Tensors;
using static FuncAiSecure.Core.Tests.Inference.TestModel;

namespace FuncAiSecure.Core.Tests.Inference.Scheduling;

public class BatchPlanTests
{
    public static TheoryData<string, (int Rows, int Length)[], int, bool, int> Plans => new()
    {
        { "same lengths join", [(1, 16), (1, 16), (1, 16)], 8, true, 3 },
        { "rows of the model bound it", [(1, 16), (1, 16), (1, 16)], 2, true, 2 },
        { "a request's own rows count", [(2, 16), (2, 16), (1, 16)], 4, true, 2 },
        { "256 tokens bound it", [(1, 100), (1, 100), (1, 100)], 8, true, 2 },
        { "256 tokens themselves fit", [(1, 128), (1, 128), (1, 1)], 8, true, 2 },
        { "like lengths join", [(1, 16), (1, 15), (1, 14)], 8, true, 3 },
        { "padding beyond 1.15 does not", [(1, 16), (1, 10), (1, 16)], 8, true, 2 },
        { "a long one alone stays alone", [(1, 300), (1, 300)], 8, true, 1 },
        { "without a mask lengths must be equal", [(1, 16), (1, 15), (1, 16)], 8, false, 2 },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void Requests_join_where_it_pays(string what, (int Rows, int Length)[] requests, int maxRows, bool padded, int joined)
    {
        what.ShouldNotBeNull();
        var works = requests.Select(request => Work(request.Rows, request.Length, padded)).ToList();
        var plan = new BatchPlan(works[0], maxRows);

        foreach (var work in works.Skip(1))
        {
            plan.TryJoin(work);
        }

        plan.Members.Count.ShouldBe(joined);
    }

    [Fact]
    public void No_more_join_than_are_this_cores_part()
    {
        var plan = new BatchPlan(Work(1, 16, padded: true), maxRows: 8, maxMembers: 2);

        plan.TryJoin(Work(3, 16, padded: true)).ShouldBeTrue();
        plan.IsFull.ShouldBeTrue();
        plan.TryJoin(Work(1, 16, padded: true)).ShouldBeFalse();
    }

    [Fact]
    public void Vectors_are_not_bounded_as_texts_are()
    {
        var plan = new BatchPlan(Vectors([1, 300]), maxRows: 2);

        plan.IsFull.ShouldBeFalse();
        plan.MayGrow.ShouldBeTrue();
        plan.TryJoin(Vectors([1, 300])).ShouldBeTrue();
        plan.IsFull.ShouldBeTrue();
    }

    [Theory]
    [InlineData(new long[] { 1, 4 }, new long[] { 1, 4, 1 }, false)]
    [InlineData(new long[] { 1, 4, 2 }, new long[] { 1, 4, 3 }, false)]
    [InlineData(new long[] { 1, 4, 2 }, new long[] { 1, 4, 3 }, true)]
    public void Shapes_that_differ_beyond_what_is_padded_do_not_join(long[] first, long[] second, bool padded) =>
        new BatchPlan(Vectors(first, padded), maxRows: 8).TryJoin(Vectors(second, padded)).ShouldBeFalse();

    [Fact]
    public void Plan_is_full_where_no_more_tokens_fit()
    {
        var plan = new BatchPlan(Work(1, 128, padded: true), maxRows: 8);

        plan.IsFull.ShouldBeFalse();
        plan.TryJoin(Work(1, 128, padded: true)).ShouldBeTrue();
        plan.IsFull.ShouldBeTrue();
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Company_is_wanted_by_texts_that_leave_room_for_it(int length, bool wanted) =>
        new BatchPlan(Work(1, length, padded: true), maxRows: 8).MayGrow.ShouldBe(wanted);

    [Fact]
    public void Padding_fills_with_the_models_own_values_and_is_cut_off_again()
    {
        var one = Work([7, 8, 9]);
        var two = Work([5, 6]);
        var plan = new BatchPlan(one, 8);

        // 2 of 3 is more than the rule allows: joined by hand to see the padding.
        plan.TryJoin(two).ShouldBeFalse();
        var near = Work([1, 2, 3, 4, 5, 6, 7]);
        var nearer = Work([1, 2, 3, 4, 5, 6]);
        plan = new BatchPlan(near, 8);
        plan.TryJoin(nearer).ShouldBeTrue();

        using var joined = BatchTensors.Join(plan, 0);
        using var output = Longs("y", [2, 7, 1], joined.Elements<long>().ToArray());
        using var part = BatchTensors.Part(output, plan, nearer, 1);

        joined.Elements<long>().ToArray().ShouldBe([1L, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 99]);
        part.Shape.ToArray().ShouldBe([1L, 6, 1]);
        part.Elements<long>().ToArray().ShouldBe([1L, 2, 3, 4, 5, 6]);
    }

    private static RunWork Vectors(long[] shape, bool padded = false) =>
        new([Tensor.Rent("x", FuncAiSecure.Core.Models.Datatype.Fp32, shape)], 1, Alice, CancellationToken.None) { Padding = padded ? [0] : null };

    private static RunWork Work(params long[] ids) =>
        new([Longs("ids", [1, ids.Length], ids)], 1, Alice, CancellationToken.None) { HasTokens = true, Padding = [99] };

    private static RunWork Work(int rows, int length, bool padded) =>
        new([Tensor.Rent("ids", FuncAiSecure.Core.Models.Datatype.Int64, [rows, length])], 1, Alice, CancellationToken.None)
        {
            HasTokens = true,
            Padding = padded ? [0] : null,
        };
}
