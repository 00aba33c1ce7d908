using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Inference;

public sealed class OutputRoundingTests
{
    [Theory]
    [InlineData(1, null, new[] { 0.2f, 0.5f, 0.3f }, new[] { 0, 0.5f, 0 })]
    [InlineData(2, null, new[] { 0.2f, 0.5f, 0.3f }, new[] { 0, 0.5f, 0.3f })]
    [InlineData(3, null, new[] { 0.2f, 0.5f, 0.3f }, new[] { 0.2f, 0.5f, 0.3f })]
    [InlineData(1, 1, new[] { 0.25f, 0.47f, 0.28f }, new[] { 0, 0.5f, 0 })]
    [InlineData(1, 0, new[] { 0.25f, 0.47f, 0.28f }, new[] { -1f, 0, -1 })]   // rounded away, and still the best
    [InlineData(1, 0, new[] { -3.2f, -1.4f, -9f }, new[] { -2f, -1, -2 })]
    [InlineData(1, null, new[] { 0.4f, 0.4f, 0.2f }, new[] { 0.4f, 0, 0 })]   // the first of equals
    [InlineData(1, 9, new[] { 0.2f, 0.5f, 0.3f }, new[] { 0, 0.5f, 0 })]
    public void Only_the_best_scores_of_a_row_stay(int topK, int? decimals, float[] row, float[] expected)
    {
        using var tensor = Tensor.Rent("y", Datatype.Fp32, [2, 3]);
        row.Concat(row).ToArray().CopyTo(tensor.Elements<float>());

        OutputRounding.Keep(tensor, 3, topK, decimals);

        tensor.Elements<float>().ToArray().ShouldBe([.. expected, .. expected], 1e-6);
    }

    [Fact]
    public void Other_floating_types_are_treated_alike()
    {
        using var wide = Tensor.Rent("y", Datatype.Fp64, [1, 3]);
        new[] { 0.2, 0.5, 0.3 }.CopyTo(wide.Elements<double>());
        using var half = Tensor.Rent("y", Datatype.Fp16, [3]);
        new[] { (Half)0.2, (Half)0.5, (Half)0.3 }.CopyTo(half.Elements<Half>());

        using var brain = Tensor.Rent("y", Datatype.Bf16, [3]);
        new ushort[] { 0x3E4D, 0x3F04, 0x3E9A }.CopyTo(brain.Elements<ushort>());   // 0.2, 0.516, 0.3

        OutputRounding.Keep(brain, 3, 1, 1);
        OutputRounding.Keep(wide, 3, 1, 2);
        OutputRounding.Keep(half, 3, 1, 2);

        wide.Elements<double>().ToArray().ShouldBe([0, 0.5, 0]);
        half.Elements<Half>().ToArray().ShouldBe([(Half)0, (Half)0.5, (Half)0]);
        brain.Elements<ushort>().ToArray().ShouldBe([(ushort)0, (ushort)0x3F00, (ushort)0]);
    }

    [Theory]
    [InlineData(Datatype.Fp16, -3000)]
    [InlineData(Datatype.Bf16, -300)]
    [InlineData(Datatype.Fp32, -3e7)]
    [InlineData(Datatype.Fp64, -1e17)]
    public void Best_score_stays_the_best_where_numbers_are_far_apart(Datatype datatype, double best)
    {
        using var tensor = GoldenTensors.ToTensor(new GoldenTensor { Name = "y", Datatype = datatype, Shape = [2], Numbers = [best * 1.5, best] });

        OutputRounding.Keep(tensor, 2, 1, null);

        var kept = GoldenTensors.FromTensor(tensor).Numbers;
        kept[0].ShouldBeLessThan(kept[1]);
        double.IsFinite(kept[0]).ShouldBeTrue();
    }

    [Fact]
    public void Brain_floats_are_rounded_to_the_nearest_that_there_is()
    {
        using var tensor = Tensor.Rent("y", Datatype.Bf16, [3]);
        new ushort[] { 0x3F04, 0xBF7F, 0x4121 }.CopyTo(tensor.Elements<ushort>());   // 0.516, -0.996, 10.06

        OutputRounding.Apply(tensor, 1);

        tensor.Elements<ushort>().ToArray().ShouldBe([(ushort)0x3F00, (ushort)0xBF80, (ushort)0x4122]);   // 0.5, -1, 10.125 for 10.1
    }

    [Fact]
    public void Golden_numbers_become_the_nearest_brain_floats()
    {
        using var tensor = GoldenTensors.ToTensor(new GoldenTensor { Name = "x", Datatype = Datatype.Bf16, Shape = [2], Numbers = [0.1, -0.3] });

        tensor.Elements<ushort>().ToArray().ShouldBe([(ushort)0x3DCD, (ushort)0xBE9A]);
    }

    [Fact]
    public void Scores_at_the_end_of_brain_floats_stay_finite_where_others_are_hidden()
    {
        using var tensor = GoldenTensors.ToTensor(new GoldenTensor { Name = "y", Datatype = Datatype.Bf16, Shape = [3], Numbers = [-3.38e38, 1, -3.38e38] });

        OutputRounding.Keep(tensor, 3, 2, null);

        GoldenTensors.FromTensor(tensor).Numbers.ShouldAllBe(number => double.IsFinite(number));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void What_are_no_scores_stays(int labels)
    {
        using var tensor = Tensor.Rent("y", Datatype.Fp32, [1, 3]);
        new[] { 0.2f, 0.5f, 0.3f }.CopyTo(tensor.Elements<float>());

        OutputRounding.Keep(tensor, labels, 1, 0);

        tensor.Elements<float>().ToArray().ShouldBe([0.2f, 0.5f, 0.3f]);
    }
}
