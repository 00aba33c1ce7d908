using System.Runtime.Versioning;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Serving;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>A models directory that goes away, as a whole or in a part, and what is removed on purpose.</summary>
public sealed class ModelDirectoryTests : IDisposable
{
    private readonly CatalogRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Directory_that_is_empty_all_at_once_leaves_what_was_known()
    {
        _run.AddVersion(1);
        _run.AddVersion(1, name: "other");
        await _run.RefreshAsync();
        await _run.AskAsync();
        var away = Unmount();

        await _run.RefreshAsync();
        await _run.RefreshAsync();

        (await _run.AskAsync()).ShouldBe((3.5, 1, null));
        (await _run.AskAsync(name: "other")).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        _run.Catalog.Readiness.IsReady.ShouldBeTrue();
        _run.Catalog.Readiness.Reasons.ShouldContain("the models directory cannot be read, or is empty where models were");
        _run.Log.Of(3004).ShouldHaveSingleItem();

        Mount(away);
        await _run.RefreshAsync();

        (await _run.AskAsync(name: "other")).ShouldBe((3.5, 1, null));
        _run.Catalog.Readiness.Reasons.ShouldBeEmpty();
        _run.Runtime.Loaded.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Model_that_is_removed_beside_others_is_let_go_with_its_folder()
    {
        _run.AddVersion(1);
        _run.AddVersion(1, name: "other");
        await _run.RefreshAsync();
        Directory.Delete(Path.Combine(_run.Models.Root, "sum"), recursive: true);

        await _run.RefreshAsync();

        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.NotFound);
        (await _run.AskAsync(name: "other")).ShouldBe((3.5, 1, null));
    }

    [Fact]
    public async Task Instance_that_starts_with_an_empty_directory_waits_for_models_that_were_promoted()
    {
        _run.AddVersion(1);
        await _run.Promoter.PromoteAsync("sum", 1, 100, CatalogRun.Anna, CancellationToken.None);
        var away = Unmount();
        await _run.RefreshAsync();

        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        _run.Catalog.Readiness.IsReady.ShouldBeFalse();

        Mount(away);
        await _run.RefreshAsync();

        (await _run.AskAsync()).ShouldBe((3.5, 1, null));
        (await _run.AskAsync(name: "other")).Refusal.ShouldBe(RefusalCode.NotFound);
        _run.Catalog.Readiness.IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task Instance_whose_directory_holds_no_model_and_never_did_is_ready()
    {
        await _run.RefreshAsync();

        _run.Catalog.Readiness.IsReady.ShouldBeTrue();
        _run.Catalog.Readiness.Reasons.ShouldBe(["the models directory holds no model"]);
        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.NotFound);
    }

    [Fact]
    public async Task Folder_of_one_model_that_cannot_be_listed_leaves_that_model_and_touches_no_other()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _run.AddVersion(1);
        await _run.RefreshAsync();
        _run.AddVersion(1, name: "other");
        _run.Scan = ScanWithoutSum;
        await _run.RefreshAsync();

        (await _run.AskAsync(name: "other")).ShouldBe((3.5, 1, null));
        (await _run.AskAsync()).ShouldBe((3.5, 1, null));
        _run.Log.Of(3007).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Directory_that_hangs_keeps_nobody_from_following_promotions()
    {
        var time = new ManualTimeProvider();
        using var run = new CatalogRun(time: time);
        using var gate = new ManualResetEventSlim();
        run.AddVersion(1);
        run.AddVersion(2, weight: 10);
        await run.PromoteAsync(1);
        await run.PromoteAsync(2, percent: 50);
        run.Status(2).CanaryPercent.ShouldBe(50);
        run.Scan = directory =>
        {
            gate.Wait();
            return ModelDirectory.TryScan(directory);
        };
        (await run.Promoter.PromoteAsync("sum", 2, 0, CatalogRun.Anna, CancellationToken.None)).Refusal.ShouldBeNull();

        var round = run.RefreshAsync();
        var ended = await EndsAsync(round, time);
        var canary = run.Status(2).CanaryPercent;
        var reasons = run.Catalog.Readiness.Reasons;
        gate.Set();
        await round;

        ended.ShouldBeTrue();
        canary.ShouldBe(0);
        reasons.ShouldBe(["the models directory cannot be read, or is empty where models were"]);
        await Wait.UntilAsync("the directory is read again", () =>
        {
            run.RefreshAsync().GetAwaiter().GetResult();
            return run.Catalog.Readiness.Reasons.IsEmpty;
        });
    }

    [Fact]
    public async Task Directory_whose_listing_outlasts_a_round_is_read_by_the_next()
    {
        var time = new ManualTimeProvider();
        using var run = new CatalogRun(time: time);
        using var listings = new SemaphoreSlim(0);
        run.AddVersion(1);
        await run.RefreshAsync();
        run.AddVersion(1, name: "late");
        run.Scan = directory =>
        {
            listings.Wait();
            return ModelDirectory.TryScan(directory);
        };
        (await EndsAsync(run.RefreshAsync(), time)).ShouldBeTrue();

        // The one listing ends behind its round; every later one would outlast its round too.
        listings.Release();
        await Wait.UntilAsync("what was listed meanwhile is known", () =>
        {
            EndsAsync(run.RefreshAsync(), time).GetAwaiter().GetResult();
            return run.Catalog.List().Any(status => status.Name == "late");
        });

        listings.Release(1_000);
    }

    [Fact]
    public void Plans_may_name_models_of_a_directory_that_is_away_at_the_start()
    {
        var options = Options.Create(new ModelOptions { Directory = _run.Models.Root });
        new ModelDirectoryNames(options).Contains("sum").ShouldBeTrue();
        _run.AddVersion(1, name: "other");
        var away = Unmount();
        new ModelDirectoryNames(options).Contains("sum").ShouldBeTrue();
        Directory.Delete(_run.Models.Root);
        new ModelDirectoryNames(options).Contains("sum").ShouldBeTrue();

        Directory.CreateDirectory(_run.Models.Root);
        Mount(away);

        new ModelDirectoryNames(options).Contains("sum").ShouldBeFalse();
        new ModelDirectoryNames(options).Contains("other").ShouldBeTrue();
    }

    [SupportedOSPlatform("linux")]
    private static DirectoryScan? ScanWithoutSum(string directory)
    {
        DirectoryScan? scan = null;
        Modes.With(Path.Combine(directory, "sum"), UnixFileMode.None, () => scan = ModelDirectory.TryScan(directory));
        return scan;
    }

    // What a share leaves that went away: the folder on which it was.
    private string Unmount()
    {
        var away = _run.Models.Root + "-away";
        Directory.Move(_run.Models.Root, away);
        Directory.CreateDirectory(_run.Models.Root);
        return away;
    }

    private void Mount(string away)
    {
        Directory.Delete(_run.Models.Root);
        Directory.Move(away, _run.Models.Root);
    }

    private static async Task<bool> EndsAsync(Task round, ManualTimeProvider time)
    {
        for (var i = 0; i < 20 && await Task.WhenAny(round, Task.Delay(TimeSpan.FromMilliseconds(500))) != round; i++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
        }

        return round.IsCompleted;
    }
}
