using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Serving;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>How long a session lives: while somebody uses it, while it is used more than others, and until a fault has passed.</summary>
public sealed class SessionLifeTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CatalogRun _run;

    public SessionLifeTests() => _run = new CatalogRun(budgetMiB: 64, time: _time);

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Retired_session_takes_no_user_and_goes_once_with_the_last_one()
    {
        var model = new CountedModel();
        var session = new ModelSession(model, _time);
        session.TryPin().ShouldBeTrue();
        session.TryPin().ShouldBeTrue();

        session.Retire();
        session.TryPin().ShouldBeFalse();
        session.Release();
        model.Disposals.ShouldBe(0);
        session.Release();
        session.Retire();

        session.TryRetireIdle().ShouldBeFalse();
        model.Disposals.ShouldBe(1);
    }

    [Fact]
    public void Session_that_was_taken_away_while_idle_takes_no_user_and_goes_once()
    {
        var model = new CountedModel();
        var session = new ModelSession(model, _time);

        session.TryRetireIdle().ShouldBeTrue();
        session.TryPin().ShouldBeFalse();
        session.TryRetireIdle().ShouldBeFalse();
        session.Retire();
        session.End();

        model.Disposals.ShouldBe(1);
    }

    [Fact]
    public async Task Session_that_was_used_last_stays_although_it_was_made_first()
    {
        _run.Runtime.MemoryBytes = 30L << 20;
        foreach (var name in new[] { "a", "b", "c" })
        {
            _run.AddVersion(1, name: name);
        }

        await _run.RefreshAsync();
        foreach (var name in new[] { "a", "b", "a", "c" })
        {
            await _run.AskAsync(name: name);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _run.Status(name: "a").State.ShouldBe(ModelState.Ready);
        _run.Status(name: "b").State.ShouldBe(ModelState.Idle);
    }

    [Fact]
    public async Task Sessions_that_fill_the_memory_to_the_last_byte_stay()
    {
        _run.Runtime.MemoryBytes = 32L << 20;
        _run.AddVersion(1, name: "a");
        _run.AddVersion(1, name: "b");
        await _run.RefreshAsync();
        await _run.AskAsync(name: "a");
        await _run.AskAsync(name: "b");
        await _run.RefreshAsync();

        _run.Runtime.Loaded.ShouldAllBe(model => !model.IsDisposed);
    }

    [Fact]
    public async Task Canary_stays_loaded_from_round_to_round()
    {
        _run.AddVersion(1);
        _run.AddVersion(2, weight: 10);
        await _run.PromoteAsync(1);
        await _run.PromoteAsync(2, percent: 50);
        await _run.RefreshAsync();

        _run.Status(2).State.ShouldBe(ModelState.Ready);
        _run.Runtime.Loaded.ShouldAllBe(model => !model.IsDisposed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Version_whose_loading_threw_or_took_too_long_is_loaded_again_after_a_while(bool hangs)
    {
        _run.AddVersion(1);
        await _run.RefreshAsync();
        var begun = new TaskCompletionSource();
        _run.Runtime.OnLoad = async (_, cancellation) =>
        {
            begun.SetResult();
            await (hangs ? Task.Delay(Timeout.Infinite, cancellation) : throw new InvalidOperationException());
        };
        var asked = _run.AskAsync();
        await begun.Task;
        _time.Advance(hangs ? TimeSpan.FromMinutes(30) : TimeSpan.Zero);
        (await asked).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        _run.Runtime.OnLoad = (_, _) => Task.CompletedTask;

        await _run.RefreshAsync();
        (await _run.AskAsync()).Refusal.ShouldBe(RefusalCode.ModelNotReady);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _run.RefreshAsync();

        (await _run.AskAsync()).Answer.ShouldBe(3.5);
    }

    [Fact]
    public async Task Version_that_answers_otherwise_than_its_golden_test_is_not_loaded_again_and_again()
    {
        _run.AddVersion(1, preload: true, expected: 9);
        await _run.RefreshAsync();
        for (var round = 0; round < 3; round++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await _run.RefreshAsync();
        }

        _run.Runtime.Loaded.ShouldHaveSingleItem();
        _run.Status().State.ShouldBe(ModelState.Refused);
    }

    private sealed class CountedModel : ILoadedModel
    {
        public int Disposals { get; private set; }

        public ModelManifest Manifest => throw new NotSupportedException();

        public long MemoryBytes => 1;

        public Task<IReadOnlyList<GoldenTensor>> RunAsync(IReadOnlyList<GoldenTensor> inputs, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            Disposals++;
            return ValueTask.CompletedTask;
        }
    }
}
