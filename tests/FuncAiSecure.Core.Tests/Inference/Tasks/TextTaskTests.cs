using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using static FuncAiSecure.Core.Tests.Inference.InferenceEngineTests;
using static FuncAiSecure.Core.Tests.Inference.TestModel;

namespace FuncAiSecure.Core.Tests.Inference.Tasks;

public sealed class TextTaskTests : IDisposable
{
    private static readonly string[] Texts = ["abc", "z", "hello"];

    private readonly OnnxModelRuntime _runtime = Runtime();

    [Fact]
    public async Task Models_that_take_text_classify_it()
    {
        await using var model = await LoadAsync(_runtime, Words());

        var outcome = await InferenceEngine.ClassifyAsync(model, new TextInput(["good", "bad", "so-so"]), 1, Alice, CancellationToken.None);

        outcome.Refusal.ShouldBeNull();
        Close([.. outcome.Items.SelectMany(item => item.Probabilities)], Expected("words"));
        outcome.Items.Select(item => item.Best.ShouldHaveSingleItem().Label).ShouldBe(["positive", "negative", "positive"]);
        outcome.Usage.Tokens.ShouldBe(1 + 1 + 2);
    }

    [Theory]
    [InlineData(Pooling.Mean, true, "mean:")]
    [InlineData(Pooling.Cls, false, "cls:")]
    [InlineData(Pooling.Max, false, "max:")]
    public async Task Embeddings_equal_an_independent_calculation_whatever_shares_their_run(Pooling pooling, bool normalize, string expected)
    {
        await using var model = await LoadAsync(_runtime, Encoder(pooling, normalize));

        var together = await InferenceEngine.EmbedAsync(model, new TextInput(Texts), null, Alice, CancellationToken.None);

        together.Refusal.ShouldBeNull();
        for (var index = 0; index < Texts.Length; index++)
        {
            Close(together.Items[index], Expected(expected + Texts[index]));
        }

        together.Usage.Tokens.ShouldBe(5 + 3 + 7);
    }

    [Fact]
    public async Task Texts_of_a_graph_without_a_mask_are_not_padded()
    {
        await using var model = await LoadAsync(_runtime, Maskless());
        string[] texts = ["abcdef", "abcde", "abcdef"];

        var together = await InferenceEngine.EmbedAsync(model, new TextInput(texts), null, Alice, CancellationToken.None);

        for (var index = 0; index < texts.Length; index++)
        {
            Close(together.Items[index], Expected("sentence:" + texts[index]));
        }

        model.Statistics.ExecutionCount.ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Many_texts_run_on_as_many_cores_as_there_are_and_answer_in_their_order(int slots)
    {
        var random = new Random(slots);
        var texts = Enumerable.Range(0, 60).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 13)).Select(_ => (char)random.Next('a', 'z')))).ToArray();
        using var runtime = Runtime(slots);
        await using var model = await LoadAsync(runtime, Encoder(Pooling.Mean, true, maxBatch: 2));

        var together = await InferenceEngine.EmbedAsync(model, new TextInput(texts), null, Alice, CancellationToken.None);

        together.Refusal.ShouldBeNull();
        together.Usage.Computed.ShouldBeGreaterThan(TimeSpan.Zero);
        for (var index = 0; index < texts.Length; index++)
        {
            var single = await InferenceEngine.EmbedAsync(model, new TextInput([texts[index]]), null, Alice, CancellationToken.None);
            Close(together.Items[index], [.. single.Items[0].Select(value => (double)value)]);
        }
    }

    [Fact]
    public async Task Many_texts_whose_caller_has_gone_are_not_run()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.Mean, true, maxBatch: 1));

        await Should.ThrowAsync<OperationCanceledException>(
            async () => await InferenceEngine.EmbedAsync(model, new TextInput(Texts), null, Alice, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Shorter_embeddings_are_cut_and_scaled_again()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.Mean, true));

        var outcome = await InferenceEngine.EmbedAsync(model, new TextInput(["abc"]), 2, Alice, CancellationToken.None);
        var other = await InferenceEngine.EmbedAsync(model, new TextInput(["abc"]), 3, Alice, CancellationToken.None);

        Close(outcome.Items[0], Expected("mean2:abc"));
        other.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.UnsupportedParameter);
        other.Refusal.Parameter.ShouldBe("dimensions");
    }

    [Fact]
    public async Task Token_ids_in_place_of_text_give_the_same_vector()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.Mean, true));

        var outcome = await InferenceEngine.EmbedAsync(model, new TextInput([]) { TokenIds = [[1, 3, 4, 5, 2]] }, null, Alice, CancellationToken.None);

        Close(outcome.Items[0], Expected("mean:abc"));
    }

    [Fact]
    public async Task Text_of_too_many_tokens_is_refused_with_count_and_limit_or_cut_when_asked()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.Mean, true));
        var input = new TextInput(["abc", new string('a', 20)]);

        var refused = await InferenceEngine.EmbedAsync(model, input, null, Alice, CancellationToken.None);
        var cut = await InferenceEngine.EmbedAsync(model, input with { Truncate = true }, null, Alice, CancellationToken.None);

        var error = refused.Refusal.ShouldNotBeNull().Errors.ShouldHaveSingleItem();
        error.ShouldBe(new InputError("/input/1", "Has 22 tokens; the model takes 16."));
        cut.Usage.ShouldBe(new TextUsage(5 + 16, 1, cut.Usage.Queued, cut.Usage.Computed));
    }

    [Fact]
    public async Task Texts_encoded_ahead_are_not_encoded_again_and_cost_what_they_run_with()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.Mean, true));

        InferenceEngine.Encode(model, new TextInput(Texts), out var encoded).ShouldBeNull();
        encoded.Tokens.ShouldBe(5 + 3 + 7);
        var before = encoded.Encodings.ToArray();
        var outcome = await InferenceEngine.EmbedAsync(model, encoded.With(1, "abc"), null, Alice, CancellationToken.None);

        Close(outcome.Items[0], Expected("mean:abc"));
        Close(outcome.Items[1], Expected("mean:abc"));
        Close(outcome.Items[2], Expected("mean:hello"));
        encoded.Encodings.ShouldBe(before);
        InferenceEngine.Encode(model, encoded.With(1, "abc"), out var again).ShouldBeNull();
        (again.Encodings[0], again.Encodings[2]).ShouldBe((before[0], before[2]));
        again.Tokens.ShouldBe(5 + 5 + 7);
    }

    [Fact]
    public async Task Pairs_cost_their_tokens_together_and_another_query_is_encoded_anew()
    {
        var manifest = Text("ranker", ModelTask.Rerank, Spec("score", Datatype.Fp32, -1, 1), pairs: true) with { Activation = Activation.Sigmoid };
        await using var model = await LoadAsync(_runtime, manifest);

        InferenceEngine.Encode(model, new TextInput(Texts) { Query = "z" }, out var encoded).ShouldBeNull();
        var outcome = await InferenceEngine.RerankAsync(model, encoded.WithQuery("ab"), false, Alice, CancellationToken.None);

        outcome.Usage.Tokens.ShouldBe(encoded.Tokens + Texts.Length);
        Close([.. outcome.Items.OrderBy(text => text.Index).Select(text => text.Score)], Expected("rank:ab"));
    }

    [Theory]
    [InlineData("abcd", "abc", "/query")]
    [InlineData("abc", "abcd", "/documents/0")]
    public async Task A_query_is_as_long_as_a_text_may_be(string query, string text, string pointer)
    {
        var manifest = Text("ranker", ModelTask.Rerank, Spec("score", Datatype.Fp32, -1, 1), pairs: true) with { Limits = new ModelLimits { MaxInputChars = 3 } };
        await using var model = await LoadAsync(_runtime, manifest);

        var refusal = InferenceEngine.Encode(model, new TextInput([text]) { Query = query, Pointer = "/documents" }, out _);

        refusal.ShouldNotBeNull().Errors.ShouldHaveSingleItem().ShouldBe(new InputError(pointer, "Has 4 characters; the model takes 3."));
    }

    [Fact]
    public async Task A_manifest_that_refuses_long_text_is_not_talked_into_cutting()
    {
        var manifest = Encoder(Pooling.Mean, true);
        await using var model = await LoadAsync(_runtime, manifest with { Tokenizer = manifest.Tokenizer! with { Truncation = Truncation.Refuse } });

        var outcome = await InferenceEngine.EmbedAsync(model, new TextInput([new string('a', 20)]) { Truncate = true }, null, Alice, CancellationToken.None);

        outcome.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.InputInvalid);
    }

    [Fact]
    public async Task Text_of_too_many_characters_is_refused_before_it_is_encoded()
    {
        await using var model = await LoadAsync(_runtime, Words() with { Limits = new ModelLimits { MaxInputChars = 3 } });

        var outcome = await InferenceEngine.ClassifyAsync(model, new TextInput(["bad", "good"]), null, Alice, CancellationToken.None);

        outcome.Refusal.ShouldNotBeNull().Errors.ShouldHaveSingleItem().Pointer.ShouldBe("/input/1");
    }

    [Fact]
    public async Task Token_labels_become_spans()
    {
        var manifest = Text("tagger", ModelTask.TokenClassification, Spec("logits", Datatype.Fp32, -1, -1, 3)) with { Labels = ["O", "B-X", "I-X"], Activation = Activation.Softmax };
        await using var model = await LoadAsync(_runtime, manifest);
        var probabilities = Expected("tagger:hello").Select(value => (float)value).ToArray();

        var outcome = await InferenceEngine.LabelTokensAsync(model, new TextInput(["hello", "ab"]), Alice, CancellationToken.None);

        outcome.Refusal.ShouldBeNull();
        var expected = SpanReader.Read(probabilities, manifest.Labels, new LetterEncoder().Encode("hello", null));
        outcome.Items[0].Select(span => (span.Label, span.Start, span.End)).ShouldBe(expected.Select(span => (span.Label, span.Start, span.End)));
        Close([.. outcome.Items[0].Select(span => span.Score)], [.. expected.Select(span => (double)span.Score)]);
    }

    [Fact]
    public void Spans_follow_the_prefixes()
    {
        // Best labels of "abcdef" between the special tokens: B-X I-X B-X O I-X O
        int[] best = [0, 1, 2, 1, 0, 2, 0, 0];
        var rows = best.SelectMany(label => Enumerable.Range(0, 3).Select(index => index == label ? 0.8f : 0.1f)).ToArray();

        var spans = SpanReader.Read(rows, ["O", "B-X", "I-X"], new LetterEncoder().Encode("abcdef", null));

        spans.Select(span => (span.Label, span.Start, span.End)).ShouldBe([("X", 0, 2), ("X", 2, 3), ("X", 4, 5)]);
        spans[0].Score.ShouldBe(0.8f, 1e-6f);
    }

    [Fact]
    public async Task Texts_are_ranked_against_the_query()
    {
        var manifest = Text("ranker", ModelTask.Rerank, Spec("score", Datatype.Fp32, -1, 1), pairs: true) with { Activation = Activation.Sigmoid };
        await using var model = await LoadAsync(_runtime, manifest);

        var outcome = await InferenceEngine.RerankAsync(model, new TextInput(Texts) { Query = "ab" }, false, Alice, CancellationToken.None);

        var expected = Expected("rank:ab");
        outcome.Items.Select(text => text.Index).ShouldBe(Enumerable.Range(0, 3).OrderByDescending(index => expected[index]));
        Close([.. outcome.Items.OrderBy(text => text.Index).Select(text => text.Score)], expected);
    }

    [Theory]
    [InlineData(new[] { 5, 5, 5 }, 8, "0,1,2")]
    [InlineData(new[] { 5, 5, 5 }, 2, "0,1|2")]
    [InlineData(new[] { 100, 3, 100, 3 }, 8, "1,3|0,2")]
    [InlineData(new[] { 100, 100, 100 }, 8, "0,1|2")]
    [InlineData(new[] { 300 }, 8, "0")]
    public void Texts_run_with_their_like(int[] lengths, int rows, string groups) =>
        string.Join('|', TextGroups.Plan(lengths, rows).Select(group => string.Join(',', group))).ShouldBe(groups);

    [Fact]
    public void Probabilities_by_hand()
    {
        float[] softmax = [0, MathF.Log(3)];
        float[] huge = [1000, 1000];
        float[] sigmoid = [0, MathF.Log(3)];

        TaskMath.Activate(softmax, Activation.Softmax);
        TaskMath.Activate(huge, Activation.Softmax);
        TaskMath.Activate(sigmoid, Activation.Sigmoid);

        Close(softmax, [0.25, 0.75]);
        Close(huge, [0.5, 0.5]);
        Close(sigmoid, [0.5, 0.75]);
    }

    [Theory]
    [InlineData(new[] { 0.5f, 0.5f }, Activation.Softmax, true)]
    [InlineData(new[] { 0.5f, 0.4f }, Activation.Softmax, false)]
    [InlineData(new[] { 0.5f, 0.4f }, Activation.Sigmoid, true)]
    [InlineData(new[] { 1.5f, -0.5f }, Activation.Softmax, false)]
    [InlineData(new[] { float.NaN, 1 }, Activation.None, false)]
    public void Probabilities_that_are_none_are_blocked(float[] row, Activation activation, bool passes) =>
        (OutputContract.CheckProbabilities(row, activation) is null).ShouldBe(passes);

    public void Dispose() => _runtime.Dispose();
}
