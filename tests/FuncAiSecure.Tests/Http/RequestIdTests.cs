using FuncAiSecure.Http;

namespace FuncAiSecure.Tests.Http;

public sealed class RequestIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("a")]
    [InlineData("Order-17_b.2")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void A_safe_token_is_taken_over(string sent) => RequestId.TakeOver(sent, Now).ShouldBe(sent);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nSet-Cookie: x")]
    [InlineData("a,b")]
    [InlineData("<script>")]
    [InlineData("ä")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public void Anything_else_is_replaced(string? sent)
    {
        var id = RequestId.TakeOver(sent, Now);

        id.ShouldNotBe(sent);
        id.ShouldMatch("^[0-9a-f]{32}$");
    }

    [Fact]
    public void New_ids_differ_and_sort_by_their_time()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => RequestId.TakeOver(null, Now)).ToHashSet();

        ids.Count.ShouldBe(10_000);
        ids.ShouldAllBe(id => string.CompareOrdinal(id, RequestId.TakeOver(null, Now.AddMilliseconds(1))) < 0);
    }
}
