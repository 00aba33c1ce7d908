using FuncAiSecure.Core.Quotas;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>How many requests of a caller run at once, whoever else tries.</summary>
public sealed class ConcurrencyGateTests
{
    [Fact]
    public async Task Request_that_is_refused_takes_no_place_from_another()
    {
        const int Tries = 1_000_000;
        var gate = new ConcurrencyGate();
        gate.TryEnter(1).ShouldBeTrue();
        var (tried, entered, refused) = (0, 0, 0);

        // Where one runs, a limit of one refuses always, and one of two never does.
        var others = Task.Run(() =>
        {
            for (; Volatile.Read(ref tried) < Tries; Interlocked.Increment(ref tried))
            {
                entered += gate.TryEnter(1) ? 1 : 0;
            }
        });
        while (Volatile.Read(ref tried) < Tries)
        {
            if (gate.TryEnter(2))
            {
                gate.Leave();
            }
            else
            {
                refused++;
            }
        }

        await others;

        (entered, refused).ShouldBe((0, 0));
        gate.Running.ShouldBe(1);
    }
}
