using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Guards.Extraction;

/// <summary>What answers tell, against numbers worked out by hand.</summary>
public sealed class AnswerBitsTests
{
    [Theory]
    [InlineData(0, 4, 0)]
    [InlineData(0.00004, 4, 0)]
    [InlineData(0.0001, 4, 1)]
    [InlineData(0.5, 4, 13)]        // 5000 has 13 binary digits
    [InlineData(-0.5, 4, 13)]
    [InlineData(1, 0, 1)]
    [InlineData(1e9, 4, 24)]        // never more than the mantissa holds
    [InlineData(double.NaN, 2, 24)]
    [InlineData(double.PositiveInfinity, 2, 24)]
    public void A_number_tells_its_binary_digits(double value, int decimals, double bits) =>
        AnswerBits.OfNumbers([(float)value], decimals).ShouldBe(bits);

    [Fact]
    public void More_decimals_never_tell_less_and_none_given_is_the_most()
    {
        float[] scores = [0.0313f, 0.71f, 0.2f, 0.0587f];

        var bits = Enumerable.Range(0, 10).Select(decimals => AnswerBits.OfScores(scores, 4, decimals)).ToList();

        bits.ShouldBe(bits.Order());
        AnswerBits.OfScores(scores, 4, null).ShouldBe(bits[^1]);
    }

    [Fact]
    public void A_sure_answer_tells_less_than_an_unsure_one()
    {
        AnswerBits.OfScores([1, 0, 0, 0], 4, 4).ShouldBe(2);               // which of four labels
        AnswerBits.OfScores([0.5f, 0.5f, 0, 0], 4, 4).ShouldBe(2 + 13);    // and one number; the other follows
        AnswerBits.OfScores([0.5f, 0.5f, 0, 0], 1, 1).ShouldBe(2 + 3);     // the best one alone, as 5 tenths
    }

    [Theory]
    [InlineData(new[] { 0.9999f, 0.0001f, 0, 0 })]
    [InlineData(new[] { 0.4f, 0.3f, 0.2f, 0.1f })]
    [InlineData(new[] { 3.5f, -2, 0, 9 })]
    public void Asking_for_fewer_labels_never_costs_more(float[] scores)
    {
        var bits = Enumerable.Range(1, 4).Select(shown => AnswerBits.OfScores(scores, shown, 4)).ToList();

        bits.ShouldBe(bits.Order());
    }

    [Fact]
    public void Independent_labels_are_unsure_where_one_of_them_is()
    {
        AnswerFacts.OfIndependent(7, [0.99f, 0.98f, 0.01f]).Margin.ShouldBe(0.96f, 1e-5f);
        AnswerFacts.OfIndependent(7, [0.99f, 0.45f, 0.01f]).ShouldSatisfyAllConditions(
            facts => facts.Margin.ShouldBe(0.1f, 1e-5f), facts => facts.Label.ShouldBe(0));
        AnswerFacts.OfIndependent(7, []).Margin.ShouldBe(float.NaN);
    }

    [Fact]
    public void The_margin_is_between_the_two_best()
    {
        AnswerFacts.Of(7, [0.1f, 0.6f, 0.3f]).ShouldBe(new AnswerFacts(7, 1, 0.6f - 0.3f));
        AnswerFacts.Of(7, [0.1f]).Margin.ShouldBe(float.NaN);
        AnswerFacts.Of(7, []).Label.ShouldBe(-1);
        AnswerFacts.Of(7, [0.4f, 0.4f, 0.2f]).ShouldBe(new AnswerFacts(7, 0, 0));
    }

    [Fact]
    public void Rows_of_tensors_are_answers_of_their_own()
    {
        using var input = Rows("x", [1, 2, 3, 1, 2, 3], 2, 3);
        using var output = Rows("y", [0.9f, 0.1f, 0.55f, 0.45f], 2, 2);

        var answers = new TensorAnswers([input], [output], 2);

        answers.Count.ShouldBe(2);
        answers.FactsOf(0).Sketch.ShouldBe(answers.FactsOf(1).Sketch);
        answers.FactsOf(0).Label.ShouldBe(0);
        answers.FactsOf(1).Margin.ShouldBe(0.1f, 1e-5f);
        answers.BitsOf(0, new OutputPolicy { Decimals = 1 }).ShouldBe(1 + 1);
        answers.BitsOf(1, new OutputPolicy { Decimals = 1, TopK = 1 }).ShouldBe(1 + 3);
    }

    [Fact]
    public void Tensors_of_any_type_and_shape_tell_something()
    {
        using var input = Tensor.FromTexts("t", ["some words here"]);
        using var double64 = Tensor.Rent("d", Datatype.Fp64, [3]);
        new[] { 0.5, 0.25, 0 }.CopyTo(double64.Elements<double>());
        using var integers = Tensor.Rent("i", Datatype.Int64, [2]);
        new[] { 5L, 0 }.CopyTo(integers.Elements<long>());

        var answers = new TensorAnswers([input], [double64, integers], 0);

        answers.Count.ShouldBe(1);
        answers.FactsOf(0).Sketch.ShouldNotBe(0ul);
        answers.BitsOf(0, new OutputPolicy { Decimals = 2 }).ShouldBe(6 + 5 + 3);
    }

    [Fact]
    public void An_answer_without_a_shape_or_without_outputs_is_one_answer_and_no_label()
    {
        using var input = Rows("x", [1, 2, 3, 4], 2, 2);
        using var number = Rows("y", [0.5f]);

        var one = new TensorAnswers([input], [number], 2);
        var none = new TensorAnswers([input], [], 2);

        one.Count.ShouldBe(1);
        one.FactsOf(0).Label.ShouldBe(-1);
        one.BitsOf(0, new OutputPolicy { Decimals = 1 }).ShouldBe(3);      // 5 tenths, and no label's bit
        none.Count.ShouldBe(1);
        none.BitsOf(0, new OutputPolicy()).ShouldBe(0);
    }

    [Fact]
    public void Numbers_that_are_not_a_score_for_each_label_name_none()
    {
        using var input = Rows("x", [1, 2], 2, 1);
        using var threes = Rows("y", [0.7f, 0.2f, 0.1f, 0.1f, 0.2f, 0.7f], 2, 3);
        using var pairs = Rows("z", [0.7f, 0.3f, 0.4f, 0.6f, 0.7f, 0.3f, 0.4f, 0.6f], 2, 2, 2);

        new TensorAnswers([input], [threes], 2).FactsOf(1).Label.ShouldBe(-1);
        new TensorAnswers([input], [pairs], 2).FactsOf(1).Label.ShouldBe(-1);
        new TensorAnswers([input], [threes], 1).FactsOf(1).Label.ShouldBe(-1);
        new TensorAnswers([input], [threes], 3).FactsOf(1).Label.ShouldBe(2);
        new TensorAnswers([input], [threes], 3).BitsOf(0, new OutputPolicy { Decimals = 1 }).ShouldBe(Math.Log2(3) + 2 + 1, 1e-9);
        new TensorAnswers([input], [threes], 2).BitsOf(0, new OutputPolicy { Decimals = 1 }).ShouldBe(3 + 2 + 1);
    }

    private static Tensor Rows(string name, float[] values, params long[] shape)
    {
        var tensor = Tensor.Rent(name, Datatype.Fp32, shape);
        values.CopyTo(tensor.Elements<float>());
        return tensor;
    }
}
