using FuncAiSecure.Core.Models.Promotion;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>What a promoter refuses before and after it asked its store, and whom a share is for.</summary>
public sealed class ModelPromoterTests
{
    [Theory]
    [InlineData("")]
    [InlineData("../sum")]
    [InlineData("Sum")]
    [InlineData("a#b")]
    [InlineData("a23456789b123456789c123456789d123456789e123456789f123456789g12345")]
    public async Task Text_that_is_no_models_name_reaches_no_store(string model)
    {
        var store = new FullStore();
        var promoter = new ModelPromoter(store, TimeProvider.System);

        (await promoter.PromoteAsync(model, 1, 100, CatalogRun.Anna, CancellationToken.None)).Refusal!.Code.ShouldBe(RefusalCode.InputInvalid);
        (await promoter.RollbackAsync(model, CatalogRun.Anna, CancellationToken.None)).Refusal!.Code.ShouldBe(RefusalCode.InputInvalid);
        store.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task Promotion_that_others_always_forestall_is_given_up()
    {
        var store = new FullStore();

        (await new ModelPromoter(store, TimeProvider.System).PromoteAsync("sum", 1, 100, CatalogRun.Anna, CancellationToken.None))
            .Refusal!.Code.ShouldBe(RefusalCode.Conflict);
        store.Asked.ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Share_of_none_and_of_all_leaves_nobody_to_chance(int percent)
    {
        for (var caller = 0; caller < 1000; caller++)
        {
            Canary.Includes("sum", CatalogRun.Id($"caller-{caller}"), percent).ShouldBe(percent == 100);
        }
    }

    /// <summary>A store in which somebody else is always faster.</summary>
    private sealed class FullStore : IPromotionStore
    {
        public int Asked { get; private set; }

        public Task<CurrentPromotions> ReadCurrentAsync(CancellationToken cancellation)
        {
            Asked.ShouldBeLessThan(100);
            Asked++;
            return Task.FromResult(new CurrentPromotions([], []));
        }

        public Task<Promotion?> ReadAsync(string model, long sequence, CancellationToken cancellation) => Task.FromResult<Promotion?>(null);

        public Task<IReadOnlyList<Promotion>> ReadHistoryAsync(string model, int count, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<Promotion>>([]);

        public Task<bool> TryAddAsync(Promotion next, CancellationToken cancellation) => Task.FromResult(false);
    }
}
