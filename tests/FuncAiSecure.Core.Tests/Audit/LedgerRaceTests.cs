using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Storage;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>Entries of the ledger that others write while one is appended.</summary>
public sealed class LedgerRaceTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Fact]
    public async Task An_entry_whose_number_somebody_took_is_appended_after_it()
    {
        await AppendAsync("one", () => AppendAsync("two"));

        await ShouldHoldAsync("two", "one");
    }

    [Fact]
    public async Task An_entry_that_was_written_although_its_answer_was_lost_is_not_written_again()
    {
        await AppendAsync("one", () => AppendAsync("one"));

        await ShouldHoldAsync("one");
    }

    [Fact]
    public async Task An_entry_whose_answer_was_lost_is_found_behind_those_that_others_wrote_since()
    {
        await AppendAsync("before");

        await AppendAsync("one", async () =>
        {
            await AppendAsync("one");
            await AppendAsync("two");
            await AppendAsync("three");
        });

        await ShouldHoldAsync("before", "one", "two", "three");
    }

    public void Dispose() => _world.Dispose();

    // What happens meanwhile does so between the reading of the ledger and the write.
    private async Task AppendAsync(string chain, Func<Task>? meanwhile = null)
    {
        var keys = new AuditKeys(await _world.Secrets.GetAsync(null, default));
        var operations = 0;
        _world.Fake.FailsBefore = meanwhile is null ? null : () =>
        {
            if (++operations == 2)
            {
                meanwhile().IsCompletedSuccessfully.ShouldBeTrue();
            }

            return false;
        };
        await new AuditLedger(_world.Table, _world.Time).AppendAsync(keys, LedgerEvent.Opened, chain, 0, [], default);
    }

    private async Task ShouldHoldAsync(params string[] chains)
    {
        var verification = await _world.VerifyAsync();

        (await new AuditLedger(_world.Table, _world.Time).ReadAsync(default).Select(row => row.Entry!.Chain).Reverse().ToListAsync()).ShouldBe(chains);
        verification.Faults.ShouldNotContain(fault => fault.Chain == "ledger");
    }
}
