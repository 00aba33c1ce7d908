using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Native;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;
using static FuncAiSecure.Core.Tests.Inference.TestModel;

namespace FuncAiSecure.Core.Tests.Inference;

public sealed class InferenceEngineTests : IDisposable
{
    private readonly OnnxModelRuntime _runtime = Runtime();

    [Fact]
    public void Telemetry_is_off_before_a_model_is_loaded() => OnnxRuntimeGuard.IsTelemetryOff.ShouldBeTrue();

    [Fact]
    public async Task Answers_equal_an_independent_calculation()
    {
        await using var model = await LoadAsync(_runtime, Mlp());
        using var request = Request(Singles("x", [2, 4], 1, 2, 3, 4, -1, 0.5f, 0, 2));

        using var outcome = await InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None);

        outcome.Refusal.ShouldBeNull();
        var output = outcome.Outputs.ShouldHaveSingleItem();
        output.Name.ShouldBe("y");
        output.Shape.ToArray().ShouldBe([2L, 3]);
        Close(output.Elements<float>(), Expected("mlp"));
        model.Statistics.InferenceCount.ShouldBe(2);
        model.Statistics.ExecutionCount.ShouldBe(1);
        model.Statistics.SuccessCount.ShouldBe(1);
    }

    [Fact]
    public async Task Every_datatype_goes_in_and_comes_out()
    {
        Datatype[] types =
        [
            Datatype.Bool, Datatype.Uint8, Datatype.Uint16, Datatype.Uint32, Datatype.Uint64, Datatype.Int8, Datatype.Int16, Datatype.Int32,
            Datatype.Int64, Datatype.Fp16, Datatype.Fp32, Datatype.Fp64, Datatype.Bytes,
        ];
        string Wire(Datatype type) => type switch { Datatype.Fp16 => "FLOAT16", Datatype.Fp32 => "FLOAT", Datatype.Fp64 => "DOUBLE", Datatype.Bytes => "STRING", _ => type.WireName() };
        var manifest = Manifest(
            "types", ModelTask.Tensor, [.. types.Select(type => Spec("in_" + Wire(type), type, -1))], [.. types.Select(type => Spec("out_" + Wire(type), type, -1))]);
        await using var model = await LoadAsync(_runtime, manifest);
        using var request = Request([.. types.Select(type => Fill(type, "in_" + Wire(type)))]);

        using var outcome = await InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None);

        outcome.Refusal.ShouldBeNull();
        for (var index = 0; index < types.Length; index++)
        {
            outcome.Outputs[index].Datatype.ShouldBe(types[index]);
            outcome.Outputs[index].Data.ToArray().ShouldBe(request.Inputs[index].Data.ToArray());
        }

        outcome.Outputs[^1].TextAsString(1).ShouldBe("é");

        static Tensor Fill(Datatype type, string name)
        {
            if (type == Datatype.Bytes)
            {
                return Tensor.FromTexts(name, ["", "é"]);
            }

            var tensor = Tensor.Rent(name, type, [2]);
            tensor.Data.Clear();
            tensor.Data[0] = 1;
            return tensor;
        }
    }

    [Fact]
    public async Task Only_the_outputs_asked_for_come_in_the_order_asked()
    {
        await using var model = await LoadAsync(_runtime, Two());
        using var request = Request(Singles("b", [1, 2], 3, 4), Singles("a", [1, 2], 1, 2));
        request.Outputs = [new RequestedOutput("sum", null), new RequestedOutput("product", null)];
        using var single = Request(Singles("a", [1, 2], 1, 2), Singles("b", [1, 2], 3, 4));
        single.Outputs = [new RequestedOutput("sum", null)];

        using var both = await InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None);
        using var one = await InferenceEngine.InferAsync(model, single, Alice, CancellationToken.None);

        both.Outputs.Select(output => output.Name).ShouldBe(["sum", "product"]);
        both.Outputs[1].Elements<float>().ToArray().ShouldBe([3f, 8]);
        one.Outputs.ShouldHaveSingleItem().Elements<float>().ToArray().ShouldBe([4f, 6]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task Output_that_is_not_finite_never_leaves(float value)
    {
        await using var model = await LoadAsync(_runtime, Manifest("log", ModelTask.Tensor, [Spec("x", Datatype.Fp32, -1, 2)], [Spec("y", Datatype.Fp32, -1, 2)]));
        using var request = Request(Singles("x", [1, 2], 1, value));

        using var outcome = await InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None);

        outcome.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.OutputBlocked);
        outcome.Outputs.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_graph_cannot_run_is_the_inputs_fault()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.None, false) with { Task = ModelTask.Tensor, Tokenizer = null });
        using var request = Request(Longs("input_ids", [1, 1], 1000), Longs("attention_mask", [1, 1], 1));

        using var outcome = await InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None);

        outcome.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.InputInvalid);
        outcome.Refusal.Detail!.ShouldNotContain("1000");
        model.Statistics.FailCount.ShouldBe(1);
    }

    public static TheoryData<string, Func<InferRequest>, string> Breaches => new()
    {
        { "an unknown input", () => Request(Singles("z", [1, 4], 1, 2, 3, 4), Singles("x", [1, 4], 1, 2, 3, 4)), "/inputs/0/name" },
        { "a missing input", () => Request(Singles("z", [1, 4], 1, 2, 3, 4)), "/inputs/0/name /inputs" },
        { "another datatype", () => Request(Longs("x", [1, 4], 1, 2, 3, 4)), "/inputs/0/datatype" },
        { "another rank", () => Request(Singles("x", [4], 1, 2, 3, 4)), "/inputs/0/shape" },
        { "another dimension", () => Request(Singles("x", [2, 2], 1, 2, 3, 4)), "/inputs/0/shape/1" },
        { "too many rows", () => Request(Singles("x", [3, 4], new float[12])), "/inputs/0/shape/0" },
        { "an element above the limit", () => Request(Singles("x", [1, 4], 1, 2, 11, 4)), "/inputs/0/data/2" },
        { "an element below the limit", () => Request(Singles("x", [1, 4], -11, 2, 1, 4)), "/inputs/0/data/0" },
        { "an unknown output", () => Asking("w"), "/outputs/0/name" },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public void A_breach_of_the_manifest_is_pointed_at(string what, Func<InferRequest> make, string where)
    {
        what.ShouldNotBeNull();
        var manifest = Mlp() with { Inputs = [Spec("x", Datatype.Fp32, -1, 4) with { Limits = new TensorLimits { Minimum = -10, Maximum = 10 } }] };
        using var request = make();

        var refusal = RequestContract.Check(request, manifest, 2);

        refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.InputInvalid);
        string.Join(' ', refusal.Errors.Select(error => error.Pointer)).ShouldBe(where);
    }

    [Fact]
    public void Tokens_sent_as_tensors_are_bounded_as_those_of_texts_are()
    {
        using var request = Request(Longs("input_ids", [1, 17], new long[17]), Longs("attention_mask", [1, 17], new long[17]));

        var refusal = RequestContract.Check(request, Encoder(Pooling.Mean, true), 8);

        refusal.ShouldNotBeNull().Errors.ShouldBe([new("/inputs/0/shape/1", "Must be 16 at most."), new("/inputs/1/shape/1", "Must be 16 at most.")]);
    }

    [Theory]
    [InlineData(2, 8, null, null)]
    [InlineData(16, 1, null, null)]
    [InlineData(3, 8, null, "/inputs/0/shape /inputs/1/shape")]
    [InlineData(17, 1, null, "/inputs/0/shape /inputs/1/shape")]
    [InlineData(3, 8, 8, null)]
    public void Without_a_limit_of_rows_tokens_sent_as_tensors_are_no_more_than_one_texts(int rows, int length, int? maxBatch, string? where)
    {
        using var request = Request(Longs("input_ids", [rows, length], new long[rows * length]), Longs("attention_mask", [rows, length], new long[rows * length]));

        var refusal = RequestContract.Check(request, Encoder(Pooling.Mean, true) with { Limits = new ModelLimits { MaxBatch = maxBatch } }, 256);

        (refusal is null ? null : string.Join(' ', refusal.Errors.Select(error => error.Pointer))).ShouldBe(where);
    }

    [Fact]
    public void Texts_outside_their_limits_are_pointed_at()
    {
        var manifest = Words() with { Inputs = [Spec("text", Datatype.Bytes, -1) with { Limits = new TensorLimits { MaxLength = 3, AllowedValues = ["éé", "good"] } }] };
        using var request = Request(Tensor.FromTexts("text", ["good", "no", "éé"]));

        RequestContract.Check(request, manifest, 8).ShouldNotBeNull().Errors.Select(error => error.Pointer).ShouldBe(["/inputs/0/data/0", "/inputs/0/data/1"]);
    }

    [Fact]
    public async Task A_graph_that_is_not_the_manifests_is_not_loaded()
    {
        (ModelManifest Manifest, string? File)[] wrong =
        [
            (Mlp() with { Inputs = [Spec("z", Datatype.Fp32, -1, 4)] }, null),
            (Mlp() with { Inputs = [Spec("x", Datatype.Fp64, -1, 4)] }, null),
            (Mlp() with { Inputs = [Spec("x", Datatype.Fp32, -1, 5)] }, null),
            (Mlp() with { Inputs = [Spec("x", Datatype.Fp32, 4)] }, null),
            (Mlp() with { Outputs = [Spec("y", Datatype.Fp32, -1, 3), Spec("w", Datatype.Fp32, -1)] }, null),
            (Mlp() with { Inputs = [Spec("a", Datatype.Fp32, -1, 2)], Outputs = [Spec("sum", Datatype.Fp32, -1, 2)] }, "two"),
            (Mlp() with { Task = ModelTask.TextEmbedding }, null),
            (Words() with { Outputs = [Spec("logits", Datatype.Fp32, 2)] }, "words"),
        ];
        foreach (var (manifest, file) in wrong)
        {
            await Should.ThrowAsync<ModelLoadException>(() => LoadAsync(_runtime, manifest, file));
        }

        await Should.ThrowAsync<ModelLoadException>(() => _runtime.LoadAsync(Of(Mlp(), [1, 2, 3]), CancellationToken.None));
    }

    [Fact]
    public async Task What_is_not_the_format_that_was_judged_is_not_loaded()
    {
        var file = Path.GetTempFileName();
        try
        {
            using (var options = new Microsoft.ML.OnnxRuntime.SessionOptions { OptimizedModelFilePath = file })
            {
                options.AddSessionConfigEntry("session.save_model_format", "ORT");
                using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(Path.Combine(AppContext.BaseDirectory, "Inference", "TestModels", "mlp.onnx"), options);
            }

            await Should.ThrowAsync<ModelLoadException>(async () => await _runtime.LoadAsync(Of(Mlp(), await File.ReadAllBytesAsync(file)), CancellationToken.None));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_golden_case_of_token_labels_answers_with_the_spans()
    {
        var manifest = Text("tagger", ModelTask.TokenClassification, Spec("logits", Datatype.Fp32, -1, -1, 3)) with { Labels = ["O", "B-X", "I-X"], Activation = Activation.Softmax };
        await using var model = await LoadAsync(_runtime, manifest);
        var spans = (await InferenceEngine.LabelTokensAsync(model, new TextInput(["hello"]), Alice, CancellationToken.None)).Items[0];

        var answers = await model.RunAsync([Golden("text", "hello")], CancellationToken.None);

        spans.ShouldNotBeEmpty();
        answers.Select(answer => (answer.Name, answer.Datatype)).ShouldBe([("label", Datatype.Bytes), ("score", Datatype.Fp32), ("start", Datatype.Int64), ("end", Datatype.Int64)]);
        answers[0].Texts.ShouldBe(spans.Select(span => span.Label));
        answers[1].Numbers.ShouldBe(spans.Select(span => (double)span.Score));
        answers[2].Numbers.ShouldBe(spans.Select(span => (double)span.Start));
        answers[3].Numbers.ShouldBe(spans.Select(span => (double)span.End));
    }

    [Fact]
    public async Task A_golden_case_that_a_text_task_cannot_run_says_so()
    {
        await using var ranker = await LoadAsync(_runtime, Text("ranker", ModelTask.Rerank, Spec("score", Datatype.Fp32, -1, 1), pairs: true));
        await using var sentence = await LoadAsync(_runtime, Sentence());
        var number = new GoldenTensor { Name = "text", Datatype = Datatype.Fp32, Shape = [1], Numbers = [1] };

        await Should.ThrowAsync<ModelLoadException>(() => ranker.RunAsync([Golden("text", "a", "b"), Golden("text_pair", "c")], CancellationToken.None));
        await Should.ThrowAsync<ModelLoadException>(() => sentence.RunAsync([number], CancellationToken.None));
        await Should.ThrowAsync<ModelLoadException>(() => sentence.RunAsync([Golden("text")], CancellationToken.None));
    }

    [Fact]
    public async Task A_golden_case_runs_as_a_request_does()
    {
        await using var model = await LoadAsync(_runtime, Mlp());

        var answers = await model.RunAsync([new GoldenTensor { Name = "x", Datatype = Datatype.Fp32, Shape = [2, 4], Numbers = [1, 2, 3, 4, -1, 0.5, 0, 2] }], CancellationToken.None);

        answers.ShouldHaveSingleItem().Numbers.Length.ShouldBe(6);
        await Should.ThrowAsync<ModelLoadException>(
            () => model.RunAsync([new GoldenTensor { Name = "x", Datatype = Datatype.Fp32, Shape = [1], Numbers = [1] }], CancellationToken.None));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(1024, 256)]
    public void Characters_count_as_units(int characters, int units)
    {
        using var request = Request(Tensor.FromTexts("t", [new string('x', characters)]));

        InputUnits.Of(request, Mlp()).ShouldBe(units);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(256, 1)]
    [InlineData(257, 2)]
    public void Elements_count_as_units(int elements, int units)
    {
        using var request = Request(Singles("x", [elements], new float[elements]));

        InputUnits.Of(request, Mlp()).ShouldBe(units);
    }

    [Fact]
    public void Tokens_cost_the_same_however_they_are_sent()
    {
        using var request = Request(Longs("input_ids", [2, 16], new long[32]), Longs("attention_mask", [2, 16], new long[32]));

        InputUnits.Of(request, Encoder(Pooling.Mean, true)).ShouldBe(32);
    }

    private static GoldenTensor Golden(string name, params string[] texts) =>
        new() { Name = name, Datatype = Datatype.Bytes, Shape = [texts.Length], Texts = [.. texts] };

    public void Dispose() => _runtime.Dispose();

    internal static void Close(ReadOnlySpan<float> actual, IReadOnlyList<double> expected, double tolerance = 1e-6)
    {
        actual.Length.ShouldBe(expected.Count);
        for (var index = 0; index < actual.Length; index++)
        {
            ((double)actual[index]).ShouldBe(expected[index], tolerance);
        }
    }

    internal static ModelManifest Words() =>
        Manifest("words", ModelTask.TextClassification, [Spec("text", Datatype.Bytes, -1)], [Spec("logits", Datatype.Fp32, -1, 2)], 8) with
        {
            Labels = ["positive", "negative"],
            Activation = Activation.Softmax,
        };

    private static ModelManifest Two() => Manifest(
        "two", ModelTask.Tensor, [Spec("a", Datatype.Fp32, -1, 2), Spec("b", Datatype.Fp32, -1, 2)], [Spec("product", Datatype.Fp32, -1, 2), Spec("sum", Datatype.Fp32, -1, 2)]);

    private static InferRequest Asking(string output)
    {
        var request = Request(Singles("x", [1, 4], 1, 2, 3, 4));
        request.Outputs = [new RequestedOutput(output, null)];
        return request;
    }
}
