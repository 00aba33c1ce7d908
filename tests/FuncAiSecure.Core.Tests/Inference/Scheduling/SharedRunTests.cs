using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Scheduling;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;
using FuncAiSecure.TestSupport;
using static FuncAiSecure.Core.Tests.Inference.TestModel;

namespace FuncAiSecure.Core.Tests.Inference.Scheduling;

/// <summary>
/// Requests that share runs. A run that never ends by itself holds the one slot while the others gather in the queue, so that what
/// shares a run does not depend on time.
/// </summary>
public sealed class SharedRunTests : IAsyncLifetime, IDisposable
{
    private readonly OnnxModelRuntime _runtime = Runtime(slots: 1, options =>
    {
        options.MaxWaiting = 64;
        options.MaxWait = TimeSpan.FromMinutes(5);
    });

    private readonly CancellationTokenSource _hold = new();
    private OnnxModel _endless = null!;
    private Task _held = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _endless = await LoadAsync(_runtime, Endless());
        _held = Hold(_hold.Token);
        await Wait.UntilAsync("the endless run has the slot", () => _runtime.FreeSlots == 0);
    }

    [Fact]
    public async Task Answers_equal_single_ones_whatever_shares_the_run()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.None, false, maxBatch: 8) with { Task = ModelTask.Tensor, Tokenizer = null });
        await using var text = await LoadAsync(_runtime, Encoder(Pooling.Mean, true, maxBatch: 8));
        var random = new Random(3);
        var tensors = Enumerable.Range(0, 24).Select(_ => Ids(random, rows: random.Next(1, 3), length: random.Next(1, 7))).ToList();
        var texts = Enumerable.Range(0, 24).Select(_ => new string((char)('a' + random.Next(26)), random.Next(1, 12))).ToList();

        var waitingTensors = tensors.Select(ids => InferenceEngine.InferAsync(model, ids, Someone(random), CancellationToken.None).AsTask()).ToList();
        var waitingTexts = texts.Select(one => InferenceEngine.EmbedAsync(text, new TextInput([one]), null, Someone(random), CancellationToken.None).AsTask()).ToList();
        await ReleaseAsync();
        var shared = await Task.WhenAll(waitingTensors);
        var sharedTexts = await Task.WhenAll(waitingTexts);

        model.Statistics.ExecutionCount.ShouldBeLessThan(tensors.Count);
        text.Statistics.ExecutionCount.ShouldBeLessThan(texts.Count);
        for (var index = 0; index < tensors.Count; index++)
        {
            using var alone = await InferenceEngine.InferAsync(model, tensors[index], Alice, CancellationToken.None);
            shared[index].Outputs[0].Shape.ToArray().ShouldBe(alone.Outputs[0].Shape.ToArray());
            InferenceEngineTests.Close(shared[index].Outputs[0].Elements<float>(), [.. alone.Outputs[0].Elements<float>().ToArray().Select(value => (double)value)], 1e-5);
            var single = await InferenceEngine.EmbedAsync(text, new TextInput([texts[index]]), null, Alice, CancellationToken.None);
            InferenceEngineTests.Close(sharedTexts[index].Items[0], [.. single.Items[0].Select(value => (double)value)], 1e-5);
        }
    }

    [Fact]
    public async Task Tensors_of_a_text_model_get_their_own_answer_beside_longer_texts()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.Mean, true));
        using var ids = Request(Longs("input_ids", [1, 6], 1, 3, 4, 5, 6, 2), Longs("attention_mask", [1, 6], 1, 1, 1, 1, 1, 1));

        // Texts of 6 and 7 tokens, in turn before and behind the tensors.
        var shorter = InferenceEngine.EmbedAsync(model, new TextInput(["abcd"]), null, Alice, CancellationToken.None).AsTask();
        var tensors = InferenceEngine.InferAsync(model, ids, Principal("bob"), CancellationToken.None).AsTask();
        var longer = InferenceEngine.EmbedAsync(model, new TextInput(["abcde"]), null, Principal("carol"), CancellationToken.None).AsTask();
        await ReleaseAsync();
        using var shared = await tensors;
        (await shorter).Refusal.ShouldBeNull();
        (await longer).Refusal.ShouldBeNull();

        using var alone = await InferenceEngine.InferAsync(model, ids, Alice, CancellationToken.None);
        shared.Outputs[0].Shape.ToArray().ShouldBe([1L, 6, 4]);
        InferenceEngineTests.Close(shared.Outputs[0].Elements<float>(), [.. alone.Outputs[0].Elements<float>().ToArray().Select(value => (double)value)], 1e-5);
    }

    [Fact]
    public async Task Vectors_as_wide_as_the_longest_text_stay_whole()
    {
        await using var model = await LoadAsync(_runtime, Sentence());

        // 3 and 4 tokens, and 4 numbers each.
        string[] texts = ["a", "ab", "a", "ab"];
        var waiting = texts.Select(text => InferenceEngine.EmbedAsync(model, new TextInput([text]), null, Alice, CancellationToken.None).AsTask()).ToList();
        await ReleaseAsync();
        var shared = await Task.WhenAll(waiting);

        model.Statistics.ExecutionCount.ShouldBeLessThan(texts.Length);
        for (var index = 0; index < texts.Length; index++)
        {
            shared[index].Refusal.ShouldBeNull();
            InferenceEngineTests.Close(shared[index].Items[0], Expected("sentence:" + texts[index]), 1e-5);
        }
    }

    [Fact]
    public async Task One_bad_input_is_refused_alone()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.None, false, maxBatch: 8) with { Task = ModelTask.Tensor, Tokenizer = null });
        var requests = Enumerable.Range(0, 5).Select(index => Request(Longs("input_ids", [1, 2], 3, index == 2 ? 1000 : 4), Longs("attention_mask", [1, 2], 1, 1))).ToList();

        var waiting = requests.Select(request => InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None).AsTask()).ToList();
        await ReleaseAsync();
        var outcomes = await Task.WhenAll(waiting);

        outcomes.Select(outcome => outcome.Refusal?.Code).ShouldBe([null, null, RefusalCode.InputInvalid, null, null]);
    }

    [Fact]
    public async Task A_graph_that_mixes_rows_is_found_out_and_runs_alone()
    {
        var manifest = Manifest("rowsum", ModelTask.Tensor, [Spec("x", Datatype.Fp32, -1, 2)], [Spec("y", Datatype.Fp32, -1, 2)], maxBatch: 8);
        await using var model = await LoadAsync(_runtime, manifest);
        var requests = Enumerable.Range(0, 4).Select(index => Request(Singles("x", [1, 2], index, 1))).ToList();

        var waiting = requests.Select(request => InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None).AsTask()).ToList();
        await ReleaseAsync();
        var outcomes = await Task.WhenAll(waiting);

        for (var index = 0; index < 4; index++)
        {
            outcomes[index].Outputs[0].Elements<float>().ToArray().ShouldBe([index, 1f]);
        }
    }

    [Fact]
    public async Task A_waiting_request_that_is_cancelled_leaves_and_its_neighbours_stay()
    {
        await using var model = await LoadAsync(_runtime, Mlp());
        using var leave = new CancellationTokenSource();
        using var request = Request(Singles("x", [1, 4], 1, 2, 3, 4));
        var stays = InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None).AsTask();
        var leaves = InferenceEngine.InferAsync(model, request, Alice, leave.Token).AsTask();

        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leaves);
        model.Waiting.ShouldBe(1);
        await ReleaseAsync();

        (await stays).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task A_full_queue_refuses_early_with_a_time_to_wait()
    {
        await using var model = await LoadAsync(_runtime, Mlp());
        using var request = Request(Singles("x", [1, 4], 1, 2, 3, 4));
        var waiting = Enumerable.Range(0, 64).Select(_ => InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None).AsTask()).ToList();

        using var refused = await InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None);
        var other = InferenceEngine.InferAsync(model, request, Principal("bob"), CancellationToken.None).AsTask();
        await ReleaseAsync();

        refused.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.Overloaded);
        refused.Refusal.RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
        (await other).Refusal.ShouldBeNull();
        (await Task.WhenAll(waiting)).Count(outcome => outcome.Refusal?.Code == RefusalCode.Overloaded).ShouldBe(1);
    }

    [Fact]
    public async Task Many_texts_for_which_the_queue_has_no_place_are_refused_as_one()
    {
        await using var model = await LoadAsync(_runtime, Encoder(Pooling.Mean, true, maxBatch: 1));
        var waiting = Enumerable.Range(0, 64).Select(_ => InferenceEngine.EmbedAsync(model, new TextInput(["abc"]), null, Alice, CancellationToken.None).AsTask()).ToList();

        var refused = await InferenceEngine.EmbedAsync(model, new TextInput(["abc", "z", "hello"]), null, Alice, CancellationToken.None);
        await ReleaseAsync();

        refused.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.Overloaded);
        refused.Items.ShouldBeEmpty();
        (await Task.WhenAll(waiting)).ShouldAllBe(outcome => outcome.Refusal == null);
    }

    [Fact]
    public async Task A_storm_of_callers_who_go_leaves_nothing_running_and_nothing_waiting()
    {
        await ReleaseAsync();
        for (var round = 0; round < 5; round++)
        {
            using var storm = new CancellationTokenSource();
            var callers = Enumerable.Range(0, 40).Select(_ => Task.Run(() => Hold(storm.Token))).ToList();
            await Wait.UntilAsync("more than 20 callers wait", () => _endless.Waiting > 20);
            await storm.CancelAsync();
            await Task.WhenAll(callers);
        }

        await Wait.UntilAsync("the slot is free", () => _runtime.FreeSlots == 1);
        _endless.Waiting.ShouldBe(0);
        await using var model = await LoadAsync(_runtime, Mlp());
        using var request = Request(Singles("x", [1, 4], 1, 2, 3, 4));
        (await InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None)).Refusal.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_for_which_there_is_no_memory_fails_alone(bool hasNeighbour)
    {
        await using var model = await LoadAsync(_runtime, Mlp());
        using var input = Singles("x", [1, 4], 1, 2, 3, 4);

        // Whether it shares a run is seen once; what follows is the run.
        var starved = new RunWork(new Starved(input, hasNeighbour ? 1 : 0), model.AllOutputs, Alice, CancellationToken.None);
        var failing = model.Queue.RunAsync(starved).AsTask();
        using var request = Request(Singles("x", [1, 4], 1, 2, 3, 4));
        var neighbour = hasNeighbour ? InferenceEngine.InferAsync(model, request, Principal("bob"), CancellationToken.None).AsTask() : null;
        await ReleaseAsync();

        await Should.ThrowAsync<OutOfMemoryException>(() => failing);
        using var answer = await (neighbour ?? InferenceEngine.InferAsync(model, request, Alice, CancellationToken.None).AsTask());
        answer.Refusal.ShouldBeNull();
    }

    public async Task DisposeAsync()
    {
        await ReleaseAsync();
        await _endless.DisposeAsync();
    }

    public void Dispose()
    {
        _hold.Dispose();
        _runtime.Dispose();
    }

    private static PrincipalId Someone(Random random) => Principal("p" + random.Next(4));

    private static InferRequest Ids(Random random, int rows, int length) => Request(
        Longs("input_ids", [rows, length], [.. Enumerable.Range(0, rows * length).Select(_ => (long)random.Next(32))]),
        Longs("attention_mask", [rows, length], [.. Enumerable.Repeat(1L, rows * length)]));

    private async Task Hold(CancellationToken cancellation)
    {
        await Task.Yield();
        using var request = Request(Singles("x", [1, 4], 1, 2, 3, 4));
        try
        {
            (await InferenceEngine.InferAsync(_endless, request, Alice, cancellation)).Dispose();
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ReleaseAsync()
    {
        if (!_hold.IsCancellationRequested)
        {
            await _hold.CancelAsync();
        }

        await _held;
    }

    /// <summary>One input that a runner gets some times, and for which the memory is gone then.</summary>
    private sealed class Starved(Tensor input, int times) : IReadOnlyList<Tensor>
    {
        private int _left = times;

        public int Count => 1;

        // An array longer than any can be has the runtime throw what it throws without memory.
        public Tensor this[int index] => Thread.CurrentThread.Name == "inference" && _left-- <= 0 && new byte[int.MaxValue].Length > 0 ? throw new InvalidOperationException() : input;

        public IEnumerator<Tensor> GetEnumerator() => ((IEnumerable<Tensor>)[input]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
