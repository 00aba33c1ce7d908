using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Promotion;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>What an instance finds, refuses, loads and lets go.</summary>
public sealed class ModelCatalogTests : IDisposable
{
    private readonly CatalogRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Nothing_is_served_before_the_first_look()
    {
        _run.AddVersion(1);

        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        _run.Catalog.Readiness.IsReady.ShouldBeFalse();
    }

    [Fact]
    public async Task Only_version_serves_and_is_loaded_when_somebody_asks()
    {
        _run.AddVersion(1);
        await _run.RefreshAsync();

        _run.Status().State.ShouldBe(ModelState.Idle);
        (await _run.AskAsync()).ShouldBe((3.5, 1, null));
        _run.Status().State.ShouldBe(ModelState.Ready);
        _run.Status().IsServing.ShouldBeTrue();
    }

    [Fact]
    public async Task Preloaded_model_is_warm_before_the_instance_is_ready()
    {
        _run.AddVersion(1, preload: true);
        await _run.RefreshAsync();

        _run.Status().State.ShouldBe(ModelState.Ready);
        _run.Catalog.Readiness.IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task Directory_that_is_not_there_is_not_ready_and_one_that_goes_leaves_what_was_known()
    {
        var (there, away) = (_run.Models.Root, _run.Models.Root + "-away");
        Directory.Move(there, away);
        await _run.RefreshAsync();
        await _run.RefreshAsync();
        _run.Catalog.Readiness.IsReady.ShouldBeFalse();
        _run.Catalog.Readiness.Reasons.ShouldBe(["the models directory cannot be read, or is empty where models were"]);
        _run.Log.Of(3004).Count.ShouldBe(1);

        Directory.Move(away, there);
        _run.AddVersion(1);
        await _run.RefreshAsync();
        _run.Catalog.Readiness.IsReady.ShouldBeTrue();
        (await _run.AskAsync()).ShouldBe((3.5, 1, null));

        Directory.Move(there, away);
        await _run.RefreshAsync();
        _run.Catalog.Readiness.IsReady.ShouldBeTrue();
        (await _run.AskAsync()).ShouldBe((3.5, 1, null));
        _run.Log.Of(3004).Count.ShouldBe(2);
        Directory.Move(away, there);
    }

    [Fact]
    public async Task Folders_are_verified_while_the_first_promotions_are_still_asked_for()
    {
        var store = new GatedPromotionStore();
        using var run = new CatalogRun(store);
        run.AddVersion(1, preload: true);

        var refresh = run.RefreshAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!run.Catalog.List().Any(status => status.State == ModelState.Idle))
        {
            await Task.Delay(10, patience.Token);
        }

        (await run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        run.Catalog.Readiness.IsReady.ShouldBeFalse();
        run.Runtime.Loaded.ShouldBeEmpty();

        // What comes while storage is asked is found as well: its promotion may be in the answer.
        run.AddVersion(2, weight: 2.5f, preload: true);
        (await new ModelPromoter(store.Inner, TimeProvider.System).PromoteAsync("sum", 2, 100, CatalogRun.Anna, patience.Token)).Refusal.ShouldBeNull();
        store.Open();
        await refresh;
        (await run.AskAsync()).ShouldBe((4.5, 2, null));
    }

    [Theory]
    [InlineData("other", null)]
    [InlineData("sum", 2)]
    [InlineData("sum", 0)]
    [InlineData("..", null)]
    public async Task Unknown_names_and_versions_are_not_found(string name, int? version)
    {
        _run.AddVersion(1);
        await _run.RefreshAsync();

        (await _run.AskAsync(version, name: name)).Refusal.ShouldBe(RefusalCode.NotFound);
    }

    [Fact]
    public async Task Damaged_model_is_refused_with_its_reason_and_others_serve()
    {
        TempModels.FlipByte(Path.Combine(_run.AddVersion(1), "model.onnx"));
        _run.AddVersion(1, name: "good");
        await _run.RefreshAsync();

        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        _run.Status().Faults.Single().ToString().ShouldBe("model.onnx: does not have the SHA-256 that the manifest says");
        (await _run.AskAsync(name: "good")).Answer.ShouldBe(3.5);
        _run.Catalog.Readiness.IsReady.ShouldBeTrue();
        _run.Catalog.Readiness.Reasons.Single().ShouldStartWith("model sum: version 1 is refused: model.onnx");
    }

    [Fact]
    public async Task Repaired_folder_is_served_without_a_restart()
    {
        var graph = Path.Combine(_run.AddVersion(1), "model.onnx");
        TempModels.FlipByte(graph);
        await _run.RefreshAsync();
        (await _run.AskAsync()).Refusal.ShouldNotBeNull();

        TempModels.FlipByte(graph);
        File.SetLastWriteTimeUtc(graph, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await _run.RefreshAsync();

        (await _run.AskAsync()).Answer.ShouldBe(3.5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Folder_that_could_not_be_read_for_a_while_is_tried_again(bool whenLoaded)
    {
        var time = new ManualTimeProvider();
        using var run = new CatalogRun(time: time);
        var graph = Path.Combine(run.AddVersion(1), "model.onnx");
        if (whenLoaded)
        {
            await run.RefreshAsync();
        }

        await using (new FileStream(graph, FileMode.Open, FileAccess.Read, FileShare.None))
        {
            await run.RefreshAsync();
            (await run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
            run.Status().Faults.Single().Message.ShouldStartWith("cannot be read");
        }

        time.Advance(TimeSpan.FromMinutes(1));
        await run.RefreshAsync();

        (await run.AskAsync()).Answer.ShouldBe(3.5);
    }

    [Fact]
    public async Task Folder_that_was_bad_only_when_it_was_loaded_is_tried_again()
    {
        var graph = Path.Combine(_run.AddVersion(1), "model.onnx");
        await _run.RefreshAsync();
        var written = File.GetLastWriteTimeUtc(graph);
        File.Move(graph, graph + "~");
        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);

        File.Move(graph + "~", graph);
        File.GetLastWriteTimeUtc(graph).ShouldBe(written);
        await _run.RefreshAsync();

        (await _run.AskAsync()).Answer.ShouldBe(3.5);
    }

    [Fact]
    public async Task Damaged_preloaded_model_keeps_the_instance_from_being_ready()
    {
        TempModels.FlipByte(Path.Combine(_run.AddVersion(1, preload: true), "model.onnx"));
        await _run.RefreshAsync();

        _run.Catalog.Readiness.IsReady.ShouldBeFalse();
        _run.Catalog.Readiness.Reasons.ShouldContain(reason => reason.Contains("SHA-256"));
    }

    [Fact]
    public async Task Model_that_answers_otherwise_than_its_golden_test_never_serves()
    {
        _run.AddVersion(1, weight: 1.5f, expected: 3.6f);
        await _run.RefreshAsync();

        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        _run.Status().Faults.Single().ToString().ShouldStartWith("golden.json#/cases/0/outputs/0: is 3.6 at element 0, where the model answers 3.5");
        _run.Runtime.Loaded.Single().IsDisposed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"source":"s","absoluteTolerance":0,"relativeTolerance":0,"cases":[null]}""")]
    public async Task Golden_tests_that_are_none_refuse_their_version_and_others_serve(string golden)
    {
        _run.Models.Add(name: "bad", golden: golden);
        _run.AddVersion(1);
        await _run.RefreshAsync();

        _run.Status(name: "bad").State.ShouldBe(ModelState.Refused);
        (await _run.AskAsync()).Answer.ShouldBe(3.5);
    }

    [Fact]
    public async Task Refusal_is_logged_once_whether_the_folder_or_its_loading_is_at_fault()
    {
        _run.AddVersion(1, weight: 1.5f, expected: 3.6f, preload: true);
        File.AppendAllText(Path.Combine(_run.AddVersion(1, name: "other"), "model.onnx"), "!");

        await _run.RefreshAsync();
        await _run.RefreshAsync();

        _run.Log.Of(3001).Order().ShouldBe(
        [
            "Model other version 1 is refused: " + string.Join("; ", _run.Status(name: "other").Faults),
            "Model sum version 1 is refused: " + _run.Status().Faults.Single(),
        ]);
    }

    [Fact]
    public async Task Runtime_that_throws_takes_only_its_model_down()
    {
        _run.AddVersion(1);
        _run.AddVersion(1, name: "good");
        _run.Runtime.OnLoad = (folder, _) => folder.Manifest.Name == "sum" ? throw new InvalidOperationException("secret detail") : Task.CompletedTask;
        await _run.RefreshAsync();

        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        (await _run.AskAsync(name: "good")).Answer.ShouldBe(3.5);
        _run.Status().Faults.Single().Message.ShouldBe("could not be loaded (InvalidOperationException)");
    }

    [Fact]
    public async Task Session_is_made_once_however_many_ask()
    {
        _run.AddVersion(1);
        await _run.RefreshAsync();
        var gate = new TaskCompletionSource();
        _run.Runtime.OnLoad = (_, _) => gate.Task;

        var asked = Enumerable.Range(0, 50).Select(_ => _run.AskAsync()).ToList();
        gate.SetResult();

        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer.Answer == 3.5);
        _run.Runtime.Loaded.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Caller_who_leaves_does_not_take_the_model_from_those_who_wait()
    {
        _run.AddVersion(1);
        await _run.RefreshAsync();
        var gate = new TaskCompletionSource();
        _run.Runtime.OnLoad = (_, _) => gate.Task;
        using var leaving = new CancellationTokenSource();
        using var lease = _run.Catalog.Resolve("sum", null, CatalogRun.Anna, out _)!;

        var left = lease.GetModelAsync(leaving.Token).AsTask();
        var stays = _run.AskAsync();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(left);
        gate.SetResult();

        (await stays).Answer.ShouldBe(3.5);
    }

    [Fact]
    public async Task Content_changed_under_the_same_version_is_refused_when_it_is_loaded_again()
    {
        _run.AddVersion(1);
        await _run.RefreshAsync();
        _run.AddVersion(1, weight: 10);

        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        _run.Status().Faults.Single().Message.ShouldContain("has changed since");
    }

    [Fact]
    public async Task Removed_folder_is_let_go()
    {
        var folder = _run.AddVersion(1);
        await _run.RefreshAsync();
        await _run.AskAsync();
        Directory.Delete(folder, recursive: true);
        await _run.RefreshAsync();

        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.NotFound);
        _run.Runtime.Loaded.Single().IsDisposed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("sum/01")]
    [InlineData("sum/0")]
    [InlineData("sum/-1")]
    [InlineData("sum/latest")]
    [InlineData("Sum/1")]
    [InlineData(".git/1")]
    public async Task Folders_that_are_no_versions_are_passed_over(string folder)
    {
        Directory.CreateDirectory(Path.Combine(_run.Models.Root, folder));
        await _run.RefreshAsync();

        _run.Catalog.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Sessions_past_the_memory_budget_leave_by_least_use_and_never_while_in_use()
    {
        using var run = new CatalogRun(budgetMiB: 64);
        run.Runtime.MemoryBytes = 30L << 20;
        foreach (var name in new[] { "a", "b", "c" })
        {
            run.AddVersion(1, name: name);
        }

        await run.RefreshAsync();
        using var held = run.Catalog.Resolve("a", null, CatalogRun.Anna, out _)!;
        await held.GetModelAsync(CancellationToken.None);
        await run.AskAsync(name: "b");
        await run.AskAsync(name: "c");
        await run.RefreshAsync();

        run.Status(name: "a").State.ShouldBe(ModelState.Ready);
        run.Status(name: "b").State.ShouldBe(ModelState.Idle);
        run.Status(name: "c").State.ShouldBe(ModelState.Ready);
        (await run.AskAsync(name: "b")).Answer.ShouldBe(3.5);
    }

    [Fact]
    public async Task Version_that_alone_needs_more_than_the_memory_budget_is_refused_and_touches_no_other()
    {
        using var run = new CatalogRun(budgetMiB: 64);
        run.AddVersion(1);
        run.AddVersion(1, name: "other");
        await run.RefreshAsync();
        await run.AskAsync();
        await run.AskAsync(name: "other");
        run.Runtime.MemoryBytes = (64L << 20) + 1;
        run.AddVersion(2, weight: 10);
        await run.PromoteAsync(2);

        (await run.AskAsync()).ShouldBe((3.5, 1, null));
        run.Status(2).Faults.ShouldHaveSingleItem().Message.ShouldBe("needs 65 MiB of memory, and MemoryBudgetMiB is 64 for all models");
        run.Status(name: "other").State.ShouldBe(ModelState.Ready);
        run.Runtime.Loaded.Count(model => model.IsDisposed).ShouldBe(1);
    }
}
