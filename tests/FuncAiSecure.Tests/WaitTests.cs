using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Tests;

public sealed class WaitTests
{
    [Fact]
    public async Task A_wait_in_vain_ends_and_says_what_was_waited_for() =>
        (await Should.ThrowAsync<TimeoutException>(() => Wait.UntilAsync("the cows come home", () => false, TimeSpan.Zero)))
            .Message.ShouldBe("Waited in vain until the cows come home.");

    [Fact]
    public async Task What_holds_at_last_is_waited_for()
    {
        var asked = 0;

        await Wait.UntilAsync("it was asked a hundred times", () => ++asked == 100);

        asked.ShouldBe(100);
    }
}
