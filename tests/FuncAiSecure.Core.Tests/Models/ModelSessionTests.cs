using FuncAiSecure.Core.Models;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>Sessions of versions: none is left behind, none is missing where it is asked for, and one that is slow holds up no other.</summary>
public sealed class ModelSessionTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CatalogRun _run;

    public ModelSessionTests() => _run = new CatalogRun(budgetMiB: 64, time: _time);

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Session_whose_warm_up_fails_is_let_go()
    {
        _run.AddVersion(1, preload: true);
        _run.Runtime.OnRun = before => _ = before == 1 ? throw new ModelLoadException("no place to run") : 0;

        await _run.RefreshAsync();

        _run.Status().State.ShouldBe(ModelState.Refused);
        _run.Runtime.Loaded.Single().IsDisposed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_that_is_made_of_a_version_that_has_gone_meanwhile_is_let_go(bool isEnd)
    {
        using var run = new CatalogRun();
        var folder = run.AddVersion(1);
        await run.RefreshAsync();
        var (begun, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        run.Runtime.OnLoad = (_, _) =>
        {
            begun.SetResult();
            return gate.Task;
        };
        var asked = run.AskAsync();
        await begun.Task;

        Directory.Delete(folder, recursive: true);
        if (isEnd)
        {
            run.Catalog.Dispose();
        }
        else
        {
            await run.RefreshAsync();
        }

        gate.SetResult();

        (await asked).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        run.Runtime.Loaded.Single().IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task Request_for_a_session_that_is_just_being_let_go_has_it_made_again()
    {
        _run.Runtime.MemoryBytes = 40L << 20;
        _run.AddVersion(1, name: "a");
        _run.AddVersion(1, name: "b", preload: true);
        await _run.RefreshAsync();
        Task<(double Answer, int Version, RefusalCode? Refusal)>? asked = null;
        _run.Runtime.OnDispose = model => asked ??= _run.AskAsync(name: model.Manifest.Name);
        await _run.AskAsync(name: "a");

        await _run.RefreshAsync();

        (await asked.ShouldNotBeNull()).Answer.ShouldBe(3.5);
    }

    [Fact]
    public async Task Session_that_passes_the_memory_budget_has_others_leave_at_once()
    {
        _run.Runtime.MemoryBytes = 30L << 20;
        foreach (var name in new[] { "a", "b", "c" })
        {
            _run.AddVersion(1, name: name);
        }

        await _run.RefreshAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            (await _run.AskAsync(name: name)).Answer.ShouldBe(3.5);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _run.Status(name: "a").State.ShouldBe(ModelState.Idle);
        _run.Status(name: "c").State.ShouldBe(ModelState.Ready);
    }

    [Fact]
    public async Task Canary_for_which_there_is_no_memory_is_not_loaded_round_after_round()
    {
        _run.Runtime.MemoryBytes = 40L << 20;
        _run.AddVersion(1, preload: true);
        _run.AddVersion(2, weight: 10);
        await _run.PromoteAsync(1);
        await _run.PromoteAsync(2, percent: 50);
        var loaded = _run.Runtime.Loaded.Count;

        await _run.RefreshAsync();
        await _run.RefreshAsync();

        _run.Runtime.Loaded.Count.ShouldBe(loaded);
        _run.Status(2).CanaryPercent.ShouldBe(50);
    }

    [Fact]
    public async Task Model_that_takes_long_to_load_does_not_hold_up_the_others()
    {
        var gate = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        _run.Runtime.OnLoad = (folder, _) => folder.Manifest.Name == "slow" && begun.TrySetResult() ? gate.Task : Task.CompletedTask;
        _run.AddVersion(1, name: "slow", preload: true);
        _run.AddVersion(1, preload: true);
        _run.AddVersion(2, weight: 10, preload: true);
        await _run.Promoter.PromoteAsync("sum", 2, 100, CatalogRun.Anna, CancellationToken.None);

        // The round's patience with the slow version may begin after its loading: whichever timers there are then, it ends with the next two seconds.
        var round = _run.RefreshAsync();
        await begun.Task;
        do
        {
            _time.Advance(TimeSpan.FromSeconds(2));
        }
        while (await Task.WhenAny(round, Task.Delay(TimeSpan.FromSeconds(5))) != round);

        await round;

        (await _run.AskAsync()).Version.ShouldBe(2);
        _run.Catalog.Readiness.IsReady.ShouldBeFalse();
        _run.Catalog.Readiness.Reasons.Single().ShouldBe("model slow is not warm (version 1 is being loaded)");

        await _run.Promoter.PromoteAsync("sum", 1, 100, CatalogRun.Anna, CancellationToken.None);
        await _run.RefreshAsync();
        (await _run.AskAsync()).Version.ShouldBe(1);

        gate.SetResult();
        await UntilAsync(() => _run.Catalog.Readiness.IsReady);
        (await _run.AskAsync(name: "slow")).Answer.ShouldBe(3.5);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(50)]
    public async Task Promoted_version_that_is_slow_to_load_takes_over_where_memory_holds_one_of_the_two(int percent)
    {
        _run.Runtime.MemoryBytes = 40L << 20;
        var gates = new List<TaskCompletionSource>();
        _run.Runtime.OnLoad = (folder, _) =>
        {
            if (folder.Manifest.Version == 1)
            {
                return Task.CompletedTask;
            }

            gates.Add(new TaskCompletionSource());
            return gates[^1].Task;
        };
        _run.AddVersion(1, name: "another");
        _run.AddVersion(1);
        _run.AddVersion(2, weight: 10);
        await _run.PromoteAsync(1);
        await _run.AskAsync();
        await _run.Promoter.PromoteAsync("sum", 2, percent, CatalogRun.Anna, CancellationToken.None);
        await UntilAsync(() => gates.Count == 1);

        // It is there between two rounds, and the version before is asked for meanwhile.
        gates[0].SetResult();
        await Wait.UntilAsync("version 2 is loaded", () => _run.Status(2).State == ModelState.Ready);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await _run.AskAsync()).Version.ShouldBe(1);
        await UntilAsync(() => _run.Status(2) is { IsServing: true } or { CanaryPercent: > 0 } || gates.Count > 1);

        gates.Count.ShouldBe(1);
        _run.Status(percent == 100 ? 1 : 2).State.ShouldNotBe(ModelState.Refused);
        (await _run.AskAsync(version: 1)).Answer.ShouldBe(3.5);
    }

    [Fact]
    public async Task Preloaded_model_that_is_slow_to_load_stays_where_memory_is_short()
    {
        _run.Runtime.MemoryBytes = 40L << 20;
        var gates = new List<TaskCompletionSource>();
        _run.Runtime.OnLoad = (folder, _) =>
        {
            gates.Add(new TaskCompletionSource());
            return folder.Manifest.Name == "another" ? Task.CompletedTask : gates[^1].Task;
        };
        _run.AddVersion(1, name: "another", preload: true);
        _run.AddVersion(1, preload: true);
        await UntilAsync(() => gates.Count == 2);

        gates[1].SetResult();
        await Wait.UntilAsync("version 1 is loaded", () => _run.Status().State == ModelState.Ready);
        await UntilAsync(() => _run.Catalog.Readiness.IsReady || gates.Count > 2);

        gates.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Folder_that_hangs_does_not_hold_up_the_others_and_is_refused_in_the_end()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var pipe = await AddHungAsync("hung");
        _run.AddVersion(1, preload: true);
        _run.AddVersion(1, name: "other");

        await UntilAsync(() => _run.Status().State == ModelState.Ready && _run.Status(name: "other").State == ModelState.Idle);

        (await _run.AskAsync()).Answer.ShouldBe(3.5);
        (await _run.AskAsync(name: "other")).Answer.ShouldBe(3.5);
        _run.Status(name: "hung").State.ShouldBe(ModelState.Loading);
        _run.Catalog.Readiness.IsReady.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMinutes(30));
        await UntilAsync(() => _run.Log.Of(3001).Any());
        _run.Log.Of(3001).ShouldHaveSingleItem();
        _run.Status(name: "hung").Faults.Single().Message.ShouldBe("could not be read in time");
        _run.Catalog.Readiness.IsReady.ShouldBeTrue();

        await File.WriteAllTextAsync(pipe, "");
    }

    [Fact]
    public async Task Folders_of_a_share_that_is_gone_hold_no_place_that_others_wait_for()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string[] pipes = [await AddHungAsync("gone"), await AddHungAsync("hung"), await AddHungAsync("lost")];
        _run.AddVersion(1, preload: true);

        await UntilAsync(() => _run.Status().State == ModelState.Ready);

        (await _run.AskAsync()).Answer.ShouldBe(3.5);
        _run.Status(name: "gone").State.ShouldBe(ModelState.Loading);

        _time.Advance(TimeSpan.FromMinutes(30));
        await UntilAsync(() => _run.Log.Of(3001).Count == pipes.Length);
        foreach (var pipe in pipes)
        {
            await File.WriteAllTextAsync(pipe, "");
        }
    }

    [Fact]
    public async Task Share_that_hangs_in_the_middle_of_a_folder_leaves_a_place_for_others()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // The manifest can be opened, so the version has its place when the next file hangs.
        var pipe = await PipeAsync(Path.Combine(_run.AddVersion(1, name: "hung"), ModelManifest.SignatureFileName));
        _run.AddVersion(1, preload: true);
        _run.AddVersion(1, name: "other", preload: true);

        await UntilAsync(() => _run.Status().State == ModelState.Ready && _run.Status(name: "other").State == ModelState.Ready);

        _run.Status(name: "hung").State.ShouldBe(ModelState.Loading);
        (await _run.AskAsync()).Answer.ShouldBe(3.5);
        (await _run.AskAsync(name: "other")).Answer.ShouldBe(3.5);
        await File.WriteAllTextAsync(pipe, "");
    }

    [Fact]
    public async Task Versions_are_loaded_two_at_once()
    {
        _run.AddVersion(1);
        await _run.RefreshAsync();
        var (third, isFree) = ((Task<IDisposable>?)null, true);
        _run.Runtime.OnLoad = (_, _) =>
        {
            third = _run.Loader.EnterAsync();
            isFree = third.IsCompleted;
            return Task.CompletedTask;
        };

        using var first = await _run.Loader.EnterAsync();
        (await _run.AskAsync().WaitAsync(TimeSpan.FromMinutes(1))).Answer.ShouldBe(3.5);

        isFree.ShouldBeFalse();
        (await third!.WaitAsync(TimeSpan.FromMinutes(1))).Dispose();
    }

    // Opening a pipe that nobody writes hangs as a file does on a share that is gone.
    private Task<string> AddHungAsync(string name) =>
        PipeAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(_run.Models.Root, name, "1")).FullName, ModelManifest.FileName));

    private static async Task<string> PipeAsync(string pipe)
    {
        using var maker = System.Diagnostics.Process.Start("mkfifo", [pipe]);
        await maker.WaitForExitAsync();
        return pipe;
    }

    // Rounds for up to a minute, each of whose waits ends when nothing has happened for a while, until something holds.
    private async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 3000; i++)
        {
            var round = _run.RefreshAsync();
            while (await Task.WhenAny(round, Task.Delay(TimeSpan.FromMilliseconds(100))) != round)
            {
                _time.Advance(TimeSpan.FromSeconds(2));
            }

            if (holds())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        throw new TimeoutException();
    }
}
