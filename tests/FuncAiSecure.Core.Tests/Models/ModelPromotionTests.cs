using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Promotion;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>Which version serves: promotions, rollbacks, canaries, and what happens when a promoted one is bad or the store is away.</summary>
public sealed class ModelPromotionTests : IDisposable
{
    private readonly CatalogRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Added_version_changes_nothing_until_it_is_promoted()
    {
        _run.AddVersion(1);
        await _run.RefreshAsync();
        _run.AddVersion(2, weight: 10);
        await _run.RefreshAsync();

        (await _run.AskAsync()).Version.ShouldBe(1);
        (await _run.AskAsync(version: 2)).ShouldBe((12, 2, null));

        await _run.PromoteAsync(2);
        (await _run.AskAsync()).ShouldBe((12, 2, null));
    }

    [Fact]
    public async Task Promoted_version_is_warm_before_it_serves_and_the_old_one_drains()
    {
        _run.AddVersion(1);
        _run.AddVersion(2, weight: 10);
        await _run.RefreshAsync();
        using var held = _run.Catalog.Resolve("sum", null, CatalogRun.Anna, out _)!;
        var (old, _) = await held.GetModelAsync(CancellationToken.None);

        await _run.PromoteAsync(2);

        _run.Status(2).State.ShouldBe(ModelState.Ready);
        ((FakeModel)old!).IsDisposed.ShouldBeFalse();
        held.Dispose();
        ((FakeModel)old).IsDisposed.ShouldBeTrue();
        _run.Status(1).State.ShouldBe(ModelState.Idle);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Promotion_of_a_bad_version_leaves_the_old_one_serving(bool damaged)
    {
        _run.AddVersion(1, preload: true);
        var folder = _run.AddVersion(2, weight: 10, expected: damaged ? null : 13);
        if (damaged)
        {
            TempModels.FlipByte(Path.Combine(folder, "model.onnx"));
        }

        await _run.RefreshAsync();
        await _run.PromoteAsync(2);

        (await _run.AskAsync()).ShouldBe((3.5, 1, null));
        _run.Catalog.Readiness.IsReady.ShouldBeTrue();
        _run.Catalog.Readiness.Reasons.Single().ShouldStartWith("model sum: version 2 was promoted and is refused, version 1 serves on: ");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Instance_that_starts_after_the_promotion_of_a_bad_version_serves_the_one_before(bool damaged)
    {
        var folder = _run.AddVersion(2, weight: 10, expected: damaged ? null : 13);
        _run.AddVersion(1);
        if (damaged)
        {
            TempModels.FlipByte(Path.Combine(folder, "model.onnx"));
        }

        await _run.Promoter.PromoteAsync("sum", 1, 100, CatalogRun.Anna, CancellationToken.None);
        await _run.PromoteAsync(2);
        await _run.AskAsync();
        await _run.RefreshAsync();

        (await _run.AskAsync()).ShouldBe((3.5, 1, null));
        _run.Catalog.Readiness.Reasons.Single().ShouldStartWith("model sum: version 2 was promoted and is refused, version 1 serves on: ");
        await _run.RefreshAsync();
        (await _run.AskAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Instance_that_starts_after_a_bad_first_promotion_serves_the_oldest_version()
    {
        _run.AddVersion(1);
        await _run.PromoteAsync(7);

        (await _run.AskAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Version_that_was_rolled_back_from_never_serves_in_place_of_another()
    {
        TempModels.FlipByte(Path.Combine(_run.AddVersion(1), "model.onnx"));
        _run.AddVersion(2, weight: 10);
        await _run.Promoter.PromoteAsync("sum", 1, 100, CatalogRun.Anna, CancellationToken.None);
        await _run.Promoter.PromoteAsync("sum", 2, 100, CatalogRun.Anna, CancellationToken.None);
        await _run.Promoter.RollbackAsync("sum", CatalogRun.Anna, CancellationToken.None);
        await _run.RefreshAsync();

        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
    }

    [Fact]
    public async Task Promotion_of_a_version_that_is_not_here_leaves_the_old_one_serving()
    {
        _run.AddVersion(1);
        await _run.RefreshAsync();
        await _run.PromoteAsync(7);

        (await _run.AskAsync()).Version.ShouldBe(1);
        _run.Catalog.Readiness.Reasons.Single().ShouldContain("version 7 was promoted and is not in this instance's folder");
    }

    [Fact]
    public async Task Rollback_returns_to_the_version_before()
    {
        _run.AddVersion(1);
        _run.AddVersion(2, weight: 10);
        await _run.RefreshAsync();
        await _run.PromoteAsync(1);
        await _run.PromoteAsync(2);

        (await _run.Promoter.RollbackAsync("sum", CatalogRun.Anna, CancellationToken.None)).Promotion!.Version.ShouldBe(1);
        await _run.RefreshAsync();

        (await _run.AskAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Canary_serves_its_share_and_the_same_principals_again()
    {
        _run.AddVersion(1);
        _run.AddVersion(2, weight: 10);
        await _run.RefreshAsync();
        await _run.PromoteAsync(1);
        await _run.PromoteAsync(2, percent: 20);

        var chosen = new List<int>();
        for (var i = 0; i < 2000; i++)
        {
            chosen.Add((await _run.AskAsync(principal: CatalogRun.Id($"caller-{i}"))).Version);
        }

        (chosen.Count(version => version == 2) / 2000.0).ShouldBe(0.2, tolerance: 0.03);
        (await _run.AskAsync(principal: CatalogRun.Id("caller-5"))).Version.ShouldBe(chosen[5]);
        await _run.PromoteAsync(2, percent: 60);
        for (var i = 0; i < 200; i++)
        {
            if (chosen[i] == 2)
            {
                (await _run.AskAsync(principal: CatalogRun.Id($"caller-{i}"))).Version.ShouldBe(2);
            }
        }

        await _run.PromoteAsync(2, percent: 0);
        (await _run.AskAsync(principal: CatalogRun.Id($"caller-{chosen.IndexOf(2)}"))).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Bad_canary_serves_nobody()
    {
        _run.AddVersion(1);
        _run.AddVersion(2, weight: 10, expected: 0);
        await _run.RefreshAsync();
        await _run.PromoteAsync(1);
        await _run.PromoteAsync(2, percent: 99);

        for (var i = 0; i < 50; i++)
        {
            (await _run.AskAsync(principal: CatalogRun.Id($"caller-{i}"))).Version.ShouldBe(1);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public async Task Instance_that_starts_while_a_canary_is_in_force_or_gone_has_the_version_before_a_bad_one(int percent)
    {
        _run.AddVersion(1);
        TempModels.FlipByte(Path.Combine(_run.AddVersion(2, weight: 10), "model.onnx"));
        _run.AddVersion(3, weight: 20);
        foreach (var (version, share) in new[] { (1, 100), (2, 100), (3, 10), (3, percent) })
        {
            (await _run.Promoter.PromoteAsync("sum", version, share, CatalogRun.Anna, CancellationToken.None)).Refusal.ShouldBeNull();
        }

        await _run.RefreshAsync();

        var served = new HashSet<int>();
        for (var i = 0; i < 100; i++)
        {
            served.Add((await _run.AskAsync(principal: CatalogRun.Id($"caller-{i}"))).Version);
        }

        served.Order().ShouldBe(percent == 0 ? [1] : [1, 3]);
    }

    [Fact]
    public async Task Canary_beside_a_version_that_came_back_does_not_bring_back_the_one_it_replaced()
    {
        TempModels.FlipByte(Path.Combine(_run.AddVersion(1), "model.onnx"));
        _run.AddVersion(2, weight: 10);
        await _run.Promoter.PromoteAsync("sum", 1, 100, CatalogRun.Anna, CancellationToken.None);
        await _run.Promoter.PromoteAsync("sum", 2, 100, CatalogRun.Anna, CancellationToken.None);
        await _run.Promoter.RollbackAsync("sum", CatalogRun.Anna, CancellationToken.None);
        await _run.PromoteAsync(3, percent: 10);
        await _run.PromoteAsync(3, percent: 5);

        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
    }

    [Fact]
    public async Task Entry_that_cannot_be_read_holds_its_own_model_where_it_was()
    {
        var store = new BrokenStore();
        using var run = new CatalogRun(store);
        run.AddVersion(1);
        run.AddVersion(2, weight: 10);
        run.AddVersion(1, name: "other");
        run.AddVersion(2, weight: 10, name: "other");
        await run.PromoteAsync(2);

        store.Unreadable.Add("sum");
        await run.RefreshAsync();
        await run.PromoteAsync(2, name: "other");

        (await run.AskAsync()).Version.ShouldBe(2);
        (await run.AskAsync(name: "other")).Version.ShouldBe(2);
        run.Catalog.Readiness.IsReady.ShouldBeTrue();
        run.Catalog.Readiness.Reasons.ShouldBe(["model sum: its promotion cannot be read"]);
        run.Log.Of(3006).ShouldHaveSingleItem();
        run.Log.Of(3003).ShouldBeEmpty();
    }

    [Fact]
    public async Task Entry_that_was_never_readable_is_not_taken_for_none()
    {
        var store = new BrokenStore();
        using var run = new CatalogRun(store);
        run.AddVersion(1);
        run.AddVersion(2, weight: 10);
        run.AddVersion(1, name: "other");
        await run.Promoter.PromoteAsync("sum", 2, 100, CatalogRun.Anna, CancellationToken.None);
        store.Unreadable.Add("sum");
        await run.RefreshAsync();
        await run.RefreshAsync();

        (await run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        (await run.AskAsync(version: 1)).Answer.ShouldBe(3.5);
        (await run.AskAsync(name: "other")).Version.ShouldBe(1);

        store.Unreadable.Clear();
        await run.RefreshAsync();
        (await run.AskAsync()).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Entry_that_is_gone_holds_its_model_where_it_was()
    {
        var store = new BrokenStore();
        using var run = new CatalogRun(store);
        run.AddVersion(1);
        run.AddVersion(2, weight: 10);
        await run.PromoteAsync(2);

        store.Inner = new InMemoryPromotionStore();
        await run.RefreshAsync();
        await run.RefreshAsync();

        (await run.AskAsync()).Version.ShouldBe(2);
        run.Catalog.Readiness.IsReady.ShouldBeTrue();
        run.Catalog.Readiness.Reasons.ShouldBe(["model sum: its promotion cannot be read"]);
        run.Log.Of(3006).ShouldHaveSingleItem();

        await run.PromoteAsync(1);
        (await run.AskAsync()).Version.ShouldBe(1);
        run.Catalog.Readiness.Reasons.ShouldBeEmpty();
    }

    [Fact]
    public async Task Unknown_promotions_hold_back_unversioned_requests_only()
    {
        var store = new BrokenStore { IsAway = true };
        using var run = new CatalogRun(store);
        run.AddVersion(1);
        await run.RefreshAsync();

        (await run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        (await run.AskAsync(version: 1)).Answer.ShouldBe(3.5);
        run.Catalog.Readiness.IsReady.ShouldBeFalse();

        store.IsAway = false;
        await run.RefreshAsync();
        (await run.AskAsync()).Answer.ShouldBe(3.5);
        store.IsAway = true;
        await run.RefreshAsync();
        (await run.AskAsync()).Answer.ShouldBe(3.5);
    }

    [Fact]
    public async Task Swaps_under_load_serve_good_versions_only_and_never_a_disposed_one()
    {
        _run.AddVersion(1, weight: 1);
        _run.AddVersion(2, weight: 2);
        TempModels.FlipByte(Path.Combine(_run.AddVersion(3, weight: 3), "model.onnx"), at: 40);
        _run.AddVersion(4, weight: 4, expected: 7);
        await _run.RefreshAsync();
        var done = false;
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var seen = new HashSet<double>();
            var asked = 0;
            while (!Volatile.Read(ref done) && asked++ < 200_000)
            {
                var (answer, version, refusal) = await _run.AskAsync();
                refusal.ShouldBeNull();
                answer.ShouldBe(2 + version);
                seen.Add(version);
            }

            return seen;
        })).ToList();

        foreach (var version in Enumerable.Range(0, 40).Select(i => (i % 4) + 1))
        {
            await _run.PromoteAsync(version);
        }

        Volatile.Write(ref done, true);
        (await Task.WhenAll(callers)).SelectMany(seen => seen).Distinct().Order().ShouldBeSubsetOf([1, 2]);

        // Beside the callers a version may have been so slow to load that the round went on without it; now nothing is.
        await _run.PromoteAsync(1);
        await _run.PromoteAsync(2);
        _run.Runtime.Loaded.Count(model => !model.IsDisposed).ShouldBeLessThanOrEqualTo(1);
    }

    private sealed class BrokenStore : IPromotionStore
    {
        public InMemoryPromotionStore Inner { get; set; } = new();

        public bool IsAway { get; set; }

        /// <summary>Models whose entry cannot be read.</summary>
        public List<string> Unreadable { get; } = [];

        public async Task<CurrentPromotions> ReadCurrentAsync(CancellationToken cancellation)
        {
            var all = IsAway ? throw new PromotionStoreException("away") : await Inner.ReadCurrentAsync(cancellation);
            return new CurrentPromotions([.. all.Entries.Where(entry => !Unreadable.Contains(entry.Model))], [.. Unreadable]);
        }

        public Task<Promotion?> ReadAsync(string model, long sequence, CancellationToken cancellation) => Inner.ReadAsync(model, sequence, cancellation);

        public Task<IReadOnlyList<Promotion>> ReadHistoryAsync(string model, int count, CancellationToken cancellation) =>
            Inner.ReadHistoryAsync(model, count, cancellation);

        public Task<bool> TryAddAsync(Promotion next, CancellationToken cancellation) => Inner.TryAddAsync(next, cancellation);
    }
}
