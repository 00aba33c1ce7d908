using Azure.Data.Tables;
using Azure.Identity;
using FuncAiSecure.Core.Models.Promotion;
using FuncAiSecure.Core.Tests.Storage;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>What every store of promotions must do.</summary>
public abstract class PromotionStoreContract
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 11, 30, 0, 123, TimeSpan.Zero);

    private protected abstract IPromotionStore Store { get; }

    private readonly string _model = $"m-{Guid.NewGuid():N}";

    private ModelPromoter Promoter => new(Store, TimeProvider.System);

    [Fact]
    public async Task Entry_comes_back_as_it_was_added()
    {
        var first = Entry(1) with { CanaryVersion = 9, CanaryPercent = 5, IsRollback = true };

        (await Store.TryAddAsync(first, CancellationToken.None)).ShouldBeTrue();

        (await CurrentAsync()).ShouldBe(first);
        (await Store.ReadAsync(_model, 1, CancellationToken.None)).ShouldBe(first);
        (await Store.ReadAsync(_model, 2, CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Entry_that_does_not_follow_the_one_in_force_is_not_added(long sequence)
    {
        await Store.TryAddAsync(Entry(1), CancellationToken.None);

        (await Store.TryAddAsync(Entry(sequence) with { Version = 77 }, CancellationToken.None)).ShouldBeFalse();

        (await CurrentAsync())!.Version.ShouldBe(1);
        (await Store.ReadHistoryAsync(_model, 10, CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task History_is_newest_first_and_bounded()
    {
        for (var sequence = 1; sequence <= 12; sequence++)
        {
            (await Store.TryAddAsync(Entry(sequence), CancellationToken.None)).ShouldBeTrue();
        }

        (await Store.ReadHistoryAsync(_model, 3, CancellationToken.None)).Select(entry => entry.Sequence).ShouldBe([12, 11, 10]);
    }

    [Fact]
    public async Task Racing_promotions_all_land_one_after_the_other()
    {
        var promoters = Enumerable.Range(1, 4).Select(version => Promoter.PromoteAsync(_model, version, 100, CatalogRun.Anna, CancellationToken.None));

        var outcomes = await Task.WhenAll(promoters);

        var history = await Store.ReadHistoryAsync(_model, 20, CancellationToken.None);
        var landed = outcomes.Where(outcome => outcome.Promotion is not null).Select(outcome => outcome.Promotion!.Sequence).Order().ToList();
        landed.ShouldBe(Enumerable.Range(1, landed.Count).Select(number => (long)number));
        history.Count.ShouldBe(landed.Count);
        history.Zip(history.Skip(1)).ShouldAllBe(pair => pair.First.PreviousVersion == pair.Second.Version);
        outcomes.Where(outcome => outcome.Promotion is null).ShouldAllBe(outcome => outcome.Refusal!.Code == RefusalCode.Conflict);
    }

    [Fact]
    public async Task Repeated_rollbacks_go_further_back_and_then_end()
    {
        foreach (var version in new[] { 1, 2, 3 })
        {
            await Promoter.PromoteAsync(_model, version, 100, CatalogRun.Anna, CancellationToken.None);
        }

        (await BackAsync()).Promotion!.Version.ShouldBe(2);
        (await BackAsync()).Promotion!.Version.ShouldBe(1);
        (await BackAsync()).Refusal!.Code.ShouldBe(RefusalCode.Conflict);
        (await Store.ReadHistoryAsync(_model, 20, CancellationToken.None)).Select(entry => (entry.Version, entry.PreviousVersion, entry.IsRollback))
            .ShouldBe([(1, 2, true), (2, 3, true), (3, 2, false), (2, 1, false), (1, 0, false)]);
    }

    [Fact]
    public async Task Share_without_a_promoted_version_is_refused() =>
        (await Promoter.PromoteAsync(_model, 2, 10, CatalogRun.Anna, CancellationToken.None)).Refusal!.Code.ShouldBe(RefusalCode.Conflict);

    [Fact]
    public async Task Share_of_the_serving_version_is_refused()
    {
        await Promoter.PromoteAsync(_model, 2, 100, CatalogRun.Anna, CancellationToken.None);

        (await Promoter.PromoteAsync(_model, 2, 10, CatalogRun.Anna, CancellationToken.None)).Refusal!.Code.ShouldBe(RefusalCode.Conflict);
    }

    [Fact]
    public async Task Rollback_of_a_canary_takes_it_away()
    {
        await Promoter.PromoteAsync(_model, 1, 100, CatalogRun.Anna, CancellationToken.None);
        await Promoter.PromoteAsync(_model, 2, 10, CatalogRun.Anna, CancellationToken.None);

        var back = (await BackAsync()).Promotion!;

        (back.Version, back.CanaryVersion, back.CanaryPercent).ShouldBe((1, null, 0));
    }

    private Task<PromotionOutcome> BackAsync() => Promoter.RollbackAsync(_model, CatalogRun.Anna, CancellationToken.None);

    private async Task<Promotion?> CurrentAsync() =>
        (await Store.ReadCurrentAsync(CancellationToken.None)).Of(_model);

    private Promotion Entry(long sequence) => new() { Model = _model, Sequence = sequence, Version = (int)sequence, By = "anna", At = Now };
}

public sealed class InMemoryPromotionStoreTests : PromotionStoreContract
{
    private protected override IPromotionStore Store { get; } = new InMemoryPromotionStore();

    [Fact]
    public async Task Rollback_whose_answer_is_lost_is_made_once_although_another_follows_it()
    {
        var store = new ForgetfulStore();
        var promoter = new ModelPromoter(store, TimeProvider.System);
        foreach (var version in new[] { 1, 2, 3 })
        {
            await promoter.PromoteAsync("m", version, 100, CatalogRun.Anna, CancellationToken.None);
        }

        store.Loses = true;
        var outcome = await promoter.RollbackAsync("m", CatalogRun.Anna, CancellationToken.None);

        outcome.Promotion.ShouldNotBeNull().Sequence.ShouldBe(4);
        (await store.ReadHistoryAsync("m", 10, CancellationToken.None)).Select(entry => (entry.Version, entry.IsRollback))
            .ShouldBe([(9, false), (2, true), (3, false), (2, false), (1, false)]);
    }

    // Adds an entry, lets somebody else add one, and says that the first was not added: a client's own retry is told so.
    private sealed class ForgetfulStore : IPromotionStore
    {
        private readonly InMemoryPromotionStore _inner = new();

        public bool Loses { get; set; }

        public Task<CurrentPromotions> ReadCurrentAsync(CancellationToken cancellation) => _inner.ReadCurrentAsync(cancellation);

        public Task<Promotion?> ReadAsync(string model, long sequence, CancellationToken cancellation) => _inner.ReadAsync(model, sequence, cancellation);

        public Task<IReadOnlyList<Promotion>> ReadHistoryAsync(string model, int count, CancellationToken cancellation) =>
            _inner.ReadHistoryAsync(model, count, cancellation);

        public async Task<bool> TryAddAsync(Promotion next, CancellationToken cancellation)
        {
            var added = await _inner.TryAddAsync(next, cancellation);
            if (!Loses)
            {
                return added;
            }

            Loses = false;
            await _inner.TryAddAsync(
                next with { Sequence = next.Sequence + 1, Version = 9, IsRollback = false, PreviousVersion = next.Version, RollbackTo = next.Sequence, By = "otto" }, cancellation);
            return false;
        }
    }
}

public sealed class TablePromotionStoreTests(TablePromotionStoreTests.Tables tables) : PromotionStoreContract, IClassFixture<TablePromotionStoreTests.Tables>
{
    private protected override IPromotionStore Store => tables.Store;

    [Fact]
    public async Task Store_that_is_away_is_told_apart_from_a_conflict()
    {
        var store = new TablePromotionStore(new TableClient(AzuriteFixture.Nowhere, "promotions", new TableClientOptions { Retry = { MaxRetries = 0 } }));

        await Should.ThrowAsync<PromotionStoreException>(store.ReadCurrentAsync(CancellationToken.None));
        (await new ModelPromoter(store, TimeProvider.System).PromoteAsync("m", 1, 100, CatalogRun.Anna, CancellationToken.None))
            .Refusal!.Code.ShouldBe(RefusalCode.DependencyUnavailable);
    }

    [Fact]
    public async Task Identity_that_fails_and_calls_that_take_too_long_are_a_store_that_is_away()
    {
        foreach (var failure in new Exception[] { new AuthenticationFailedException("no token"), new TaskCanceledException("exceeded the time") })
        {
            var store = new TablePromotionStore(FailingCredential.Table(failure));

            await Should.ThrowAsync<PromotionStoreException>(store.ReadCurrentAsync(CancellationToken.None));
        }
    }

    [Fact]
    public async Task Caller_who_leaves_is_no_store_that_is_away()
    {
        var store = new TablePromotionStore(FailingCredential.Table(new TaskCanceledException()));

        await Should.ThrowAsync<OperationCanceledException>(store.ReadCurrentAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Row_that_is_no_promotion_concerns_its_model_alone()
    {
        var client = tables.Client("others");
        await client.CreateAsync();
        TableEntity[] bad =
        [
            new("mistyped", "current") { ["Sequence"] = "1", ["Version"] = 1 },
            new("long", "current") { ["Sequence"] = 1L, ["Version"] = 1L },
            new("missing", "current") { ["Sequence"] = 1L },
            new("none", "current") { ["Sequence"] = 1L, ["Version"] = 0 },
            new("share", "current") { ["Sequence"] = 1L, ["Version"] = 1, ["CanaryVersion"] = 2, ["CanaryPercent"] = 101 },
        ];
        foreach (var row in bad)
        {
            await client.AddEntityAsync(row);
        }

        var store = new TablePromotionStore(client);
        var promoter = new ModelPromoter(store, TimeProvider.System);

        (await promoter.PromoteAsync("good", 3, 100, CatalogRun.Anna, CancellationToken.None)).Refusal.ShouldBeNull();
        var current = await store.ReadCurrentAsync(CancellationToken.None);
        current.Entries.ShouldHaveSingleItem().Version.ShouldBe(3);
        current.Unreadable.Order(StringComparer.Ordinal).ShouldBe(bad.Select(row => row.PartitionKey).Order(StringComparer.Ordinal));
        var refusal = (await promoter.PromoteAsync("missing", 3, 100, CatalogRun.Anna, CancellationToken.None)).Refusal.ShouldNotBeNull();
        refusal.Code.ShouldBe(RefusalCode.Conflict);
        refusal.Detail.ShouldNotBeNull().ShouldContain("mend its row");
    }

    public sealed class Tables : IAsyncLifetime
    {
        private AzuriteFixture? _azurite;

        internal IPromotionStore Store { get; private set; } = null!;

        internal TableClient Client(string table) => new TableServiceClient(_azurite!.ConnectionString).GetTableClient(table);

        public async Task InitializeAsync()
        {
            _azurite = await AzuriteFixture.StartAsync();
            Store = new TablePromotionStore(Client("promotions"));
        }

        public async Task DisposeAsync() => await _azurite!.DisposeAsync();
    }
}
