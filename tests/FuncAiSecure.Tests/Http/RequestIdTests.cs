using FuncAiSecure.Http;

namespace FuncAiSecure.Tests.Http;

public sealed class RequestIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("Order-17_b.2")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void A_safe_token_is_taken_over(string sent) => RequestId.TakeOver(sent).ShouldBe(sent);

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
        var id = RequestId.TakeOver(sent);

        id.ShouldNotBe(sent);
        id.ShouldMatch("^[0-9a-f]{32}$");
    }
}
