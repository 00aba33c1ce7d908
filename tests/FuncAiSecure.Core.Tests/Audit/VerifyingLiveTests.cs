using FuncAiSecure.Core.Audit.Reading;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>Verification takes minutes of a large trail, which goes on meanwhile.</summary>
public sealed class VerifyingLiveTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Fact]
    public async Task A_process_that_starts_while_the_trail_is_verified_is_no_foreigner()
    {
        await _world.StoreAsync(3);

        var verification = await VerifyWhileAsync(() => _world.StoreAsync(1, from: 10));

        verification.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_chain_whose_time_is_over_while_the_trail_is_verified_is_not_missing()
    {
        await _world.StoreAsync(3);
        _world.Time.Advance(TimeSpan.FromDays(10));
        await _world.StoreAsync(1, from: 10);

        var verification = await VerifyWhileAsync(() => _world.Archive.SweepAsync(new DateOnly(2026, 11, 23), default));

        verification.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_changed_while_the_trail_is_verified_is_found()
    {
        await _world.StoreAsync(3);
        var head = _world.Fake.Rows.First(row => row.RowKey == "head");
        head["Count"] = 99L;

        var verification = await VerifyWhileAsync(async () =>
        {
            await _world.StoreAsync(1, from: 10);
            _world.Fake.Put(head);
            _world.Fake.Put(new("c-20261122-ffffffffffffffff-0", "head"));
        });

        verification.Faults.Select(fault => fault.Kind).ShouldBe([AuditFaultKind.HeadChanged, AuditFaultKind.Foreign]);
    }

    public void Dispose() => _world.Dispose();

    // The first question is for the ledger; it happens before the second.
    private async Task<AuditVerification> VerifyWhileAsync(Func<Task> happens)
    {
        var asked = 0;
        _world.Fake.FailsBefore = () =>
        {
            if (++asked == 2)
            {
                happens().GetAwaiter().GetResult();
            }

            return false;
        };
        try
        {
            return await _world.VerifyAsync();
        }
        finally
        {
            _world.Fake.FailsBefore = null;
        }
    }
}
