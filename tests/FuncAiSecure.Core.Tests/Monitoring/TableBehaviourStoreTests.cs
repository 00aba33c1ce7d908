using Azure;
using Azure.Data.Tables;
using Azure.Identity;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;
using FuncAiSecure.Core.Tests.Storage;
using FuncAiSecure.Core.Tests.TestSupport;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Core.Tests.Monitoring;

/// <summary>The store on the Table service's protocol (Azurite), each test on a table of its own that is not there yet.</summary>
public sealed class TableBehaviourStoreTests : IClassFixture<Azurite>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset At = new(2030, 1, 7, 8, 0, 0, TimeSpan.Zero);
    private readonly TableClient _table;
    private readonly TableBehaviourStore _store;

    public TableBehaviourStoreTests(Azurite azurite)
    {
        _table = new TableClient(azurite.Service.ConnectionString, "T" + Guid.NewGuid().ToString("N"));
        _store = new TableBehaviourStore(_table, NullLogger.Instance);
    }

    [Fact]
    public async Task Profiles_come_back_as_they_were_saved_and_the_last_one_stands()
    {
        var states = Enumerable.Range(1, 250).Select(i => new SavedState((ulong)i, i % 50 == 0, 1, [(byte)i, 2, 3])).ToList();
        (await _store.SaveAsync(states, None)).ShouldBeTrue();
        (await _store.SaveAsync([states[0] with { Bytes = [9] }], None)).ShouldBeTrue();

        var loaded = new List<SavedState>();
        (await _store.LoadAsync(loaded.Add, None)).ShouldBeTrue();

        loaded.Count.ShouldBe(250);
        loaded.Count(state => state.IsModel).ShouldBe(5);
        loaded.Single(state => state.Key == 1).Bytes.ShouldBe([9]);
        loaded.Single(state => state.Key == 250).Bytes.ShouldBe([250, 2, 3]);
    }

    [Fact]
    public async Task Anomalies_are_listed_newest_first_and_once()
    {
        var burst = new Anomaly(At, Signal.Burst, "app:a/b", "sentiment", 3, 200.5, 60);
        var drift = new Anomaly(At.AddMinutes(1), Signal.Drift, null, "sentiment", 3, 0.4, 0.25);
        var early = burst with { At = At.AddMinutes(-1), Model = null, Version = null };
        foreach (var anomaly in (Anomaly[])[burst, drift, early, burst])
        {
            (await _store.AddAsync(anomaly, None)).ShouldBeTrue();
        }

        (await _store.ListAsync(10, None)).ShouldBe([drift, burst, early]);
        (await _store.ListAsync(2, None)).ShouldBe([drift, burst]);
    }

    [Fact]
    public async Task Old_anomalies_are_swept_and_newer_ones_stay()
    {
        var old = new Anomaly(At, Signal.Probing, "p", null, null, 1, 1);
        await _store.AddAsync(old, None);
        await _store.AddAsync(old with { At = At.AddDays(1) }, None);

        (await _store.SweepAsync(At.AddHours(1), None)).ShouldBeTrue();

        (await _store.ListAsync(10, None))!.ShouldHaveSingleItem().At.ShouldBe(At.AddDays(1));
    }

    [Fact]
    public async Task Profiles_saved_before_a_moment_are_swept_and_nothing_else()
    {
        var anomaly = new Anomaly(At, Signal.Probing, "p", null, null, 1, 1);
        var lowered = new LoweredPlan("p", "slow", At);
        await _store.SaveAsync([new SavedState(1, false, 1, [1]), new SavedState(ulong.MaxValue, false, 1, [1]), new SavedState(2, true, 1, [1])], None);
        await _store.AddAsync(anomaly, None);
        await _store.AddLoweredAsync(lowered, None);

        (await _store.SweepProfilesAsync(DateTimeOffset.UtcNow.AddHours(-1), None)).ShouldBeTrue();
        (await CountAsync()).ShouldBe(3);
        (await _store.SweepProfilesAsync(DateTimeOffset.UtcNow.AddHours(1), None)).ShouldBeTrue();

        (await CountAsync()).ShouldBe(0);
        (await _store.ListAsync(10, None)).ShouldBe([anomaly]);
        (await _store.ListLoweredAsync(None)).ShouldBe([lowered]);
    }

    [Fact]
    public async Task Profile_that_is_saved_while_it_is_swept_stays()
    {
        var live = new SavedState(7, false, 1, [2]);
        await _store.SaveAsync([live with { Bytes = [1] }], None);
        var interrupted = new TableBehaviourStore(new InterruptedTable(_table, () => _store.SaveAsync([live], None).AsTask()), NullLogger.Instance);

        (await interrupted.SweepProfilesAsync(DateTimeOffset.UtcNow.AddHours(1), None)).ShouldBeTrue();

        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Lowered_plans_are_noted_replaced_and_forgotten()
    {
        var lowered = new LoweredPlan("entra:a/b", "slow", At);
        (await _store.AddLoweredAsync(lowered, None)).ShouldBeTrue();
        (await _store.AddLoweredAsync(lowered with { Until = At.AddHours(1) }, None)).ShouldBeTrue();
        (await _store.ListLoweredAsync(None)).ShouldBe([lowered with { Until = At.AddHours(1) }]);

        (await _store.RemoveLoweredAsync("entra:a/b", None)).ShouldBeTrue();
        (await _store.RemoveLoweredAsync("entra:a/b", None)).ShouldBeTrue();

        (await _store.ListLoweredAsync(None))!.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_listening_is_said_and_not_thrown()
    {
        await ShouldBeAwayAsync(new TableClient(AzuriteFixture.Nowhere, "t", new TableClientOptions { Retry = { MaxRetries = 0 } }));
    }

    [Fact]
    public async Task Identity_that_cannot_be_proven_is_said_and_not_thrown() =>
        await ShouldBeAwayAsync(FailingCredential.Table(new CredentialUnavailableException("No identity.")));

    [Fact]
    public async Task Service_that_falls_silent_is_said_and_not_thrown() => await ShouldBeAwayAsync(BusyThenSilentService.Table());

    private async Task<int> CountAsync()
    {
        var count = 0;
        (await _store.LoadAsync(_ => count++, None)).ShouldBeTrue();
        return count;
    }

    private static async Task ShouldBeAwayAsync(TableClient table)
    {
        var store = new TableBehaviourStore(table, NullLogger.Instance);

        (await store.SaveAsync([new SavedState(1, false, 1, [1])], None)).ShouldBeFalse();
        (await store.LoadAsync(_ => { }, None)).ShouldBeFalse();
        (await store.ListAsync(1, None)).ShouldBeNull();
        (await store.ListLoweredAsync(None)).ShouldBeNull();
        (await store.AddAsync(new Anomaly(At, Signal.Burst, "p", null, null, 1, 1), None)).ShouldBeFalse();
    }

    /// <summary>Lets an instance save just before a row is deleted.</summary>
    private sealed class InterruptedTable(TableClient inner, Func<Task> interrupt) : TableClient
    {
        public override AsyncPageable<T> QueryAsync<T>(
            string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
            inner.QueryAsync<T>(filter, maxPerPage, select, cancellationToken);

        public override async Task<Response> DeleteEntityAsync(
            string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
        {
            await interrupt();
            return await inner.DeleteEntityAsync(partitionKey, rowKey, ifMatch, cancellationToken);
        }
    }
}
