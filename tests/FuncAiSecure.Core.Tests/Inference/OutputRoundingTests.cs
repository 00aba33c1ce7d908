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

        OutputRounding.Keep(wide, 3, 1, 2);
        OutputRounding.Keep(half, 3, 1, 2);

        wide.Elements<double>().ToArray().ShouldBe([0, 0.5, 0]);
        half.Elements<Half>().ToArray().ShouldBe([(Half)0, (Half)0.5, (Half)0]);
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
