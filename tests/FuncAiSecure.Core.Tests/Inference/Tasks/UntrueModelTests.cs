using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using static FuncAiSecure.Core.Tests.Inference.TestModel;

namespace FuncAiSecure.Core.Tests.Inference.Tasks;

/// <summary>Text models that do not answer what they were asked: no defect of the server, and nobody gets another text's answer.</summary>
public sealed class UntrueModelTests : IDisposable
{
    private static readonly TensorSpec Logits = Spec("logits", Datatype.Fp32, -1, 2);

    private readonly OnnxModelRuntime _runtime = Runtime();

    [Theory]
    [InlineData("output logits is [1, 2] for 2 texts", "good", "gone")]
    [InlineData("output logits is [0, 2] for 1 texts", "gone")]
    [InlineData("output logits has numbers that are not finite, or texts that are not UTF-8", "good", "nan")]
    public async Task Rows_that_are_missing_or_no_numbers_are_blocked_in_every_task(string fault, params string[] texts)
    {
        await using var classifier = await LoadAsync(_runtime, Untrue(ModelTask.TextClassification), "untrue");
        await using var embedder = await LoadAsync(_runtime, Untrue(ModelTask.TextEmbedding), "untrue");

        var classes = await InferenceEngine.ClassifyAsync(classifier, new TextInput(texts), null, Alice, CancellationToken.None);
        var vectors = await InferenceEngine.EmbedAsync(embedder, new TextInput(texts), null, Alice, CancellationToken.None);

        foreach (var refusal in new[] { classes.Refusal, vectors.Refusal })
        {
            refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.OutputBlocked);
            refusal.Detail.ShouldBe("The model's output breaks its contract.");
            refusal.Fault.ShouldBe(fault);
        }
    }

    [Theory]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.Max)]
    public async Task Tokens_that_are_missing_are_blocked_where_they_are_pooled(Pooling pooling)
    {
        var manifest = Encoder(pooling, normalize: true) with { Outputs = [Spec("last_hidden_state", Datatype.Fp32, -1, -1, 4)] };
        await using var model = await LoadAsync(_runtime, manifest, "cut");

        var outcome = await InferenceEngine.EmbedAsync(model, new TextInput(["abc", "z"]), null, Alice, CancellationToken.None);

        outcome.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.OutputBlocked);
        outcome.Refusal.Fault.ShouldNotBeNull().ShouldStartWith("output last_hidden_state is [1, ");
    }

    [Fact]
    public async Task Tokens_that_are_missing_are_blocked_where_they_are_labelled()
    {
        var manifest = Text("cut", ModelTask.TokenClassification, Spec("last_hidden_state", Datatype.Fp32, -1, -1, 4)) with
        {
            Labels = ["O", "B-X", "I-X", "B-Y"],
            Activation = Activation.Softmax,
        };
        await using var model = await LoadAsync(_runtime, manifest);

        var outcome = await InferenceEngine.LabelTokensAsync(model, new TextInput(["abc", "abc"]), Alice, CancellationToken.None);

        outcome.Refusal.ShouldNotBeNull().Fault.ShouldBe("output last_hidden_state is [2, 4, 4] for 2 texts of 5 tokens");
    }

    [Fact]
    public async Task First_token_is_read_whatever_follows_it()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.Cls, normalize: false), "cut");

        var outcome = await InferenceEngine.EmbedAsync(model, new TextInput(["abc"]), null, Alice, CancellationToken.None);

        InferenceEngineTests.Close(outcome.Items[0], Expected("cls:abc"));
    }

    public void Dispose() => _runtime.Dispose();

    private static ModelManifest Untrue(ModelTask task) => Manifest("untrue", task, [Spec("text", Datatype.Bytes, -1)], [Logits], maxBatch: 8) with
    {
        Labels = task == ModelTask.TextClassification ? ["yes", "no"] : [],
        Activation = task == ModelTask.TextClassification ? Activation.Softmax : Activation.None,
    };
}
