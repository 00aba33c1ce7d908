using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FuncAiSecure.Tests.Http;

public sealed class AuditPageTests
{
    [Theory]
    [InlineData("an unknown name", "?user=x", null)]
    [InlineData("a name in other letters", "?Limit=5", null)]
    [InlineData("a repeated name", "?model=a&model=b", "model")]
    [InlineData("an empty value", "?model=", "model")]
    [InlineData("a day that is none", "?from=2026-02-30", "from")]
    [InlineData("a day in another spelling", "?to=22.11.2026", "to")]
    [InlineData("a principal that cannot be", "?principal=a;b", "principal")]
    [InlineData("an outcome that nothing has", "?outcome=quota-exceeded", "outcome")]
    [InlineData("no outcome", "?outcome=", "outcome")]
    [InlineData("no record at all", "?limit=0", "limit")]
    [InlineData("too many records", "?limit=1001", "limit")]
    [InlineData("a signed number", "?limit=+5", "limit")]
    [InlineData("a cursor that is none", "?after=ledger.1", "after")]
    public void A_query_string_is_refused_for(string sentence, string query, string? parameter)
    {
        AuditPage.TryRead(Parse(query), out var page, out var refusal).ShouldBeFalse(sentence);

        page.ShouldBeNull();
        refusal!.Code.ShouldBe(RefusalCode.UnsupportedParameter);
        refusal.Parameter.ShouldBe(parameter);
    }

    [Fact]
    public void Everything_that_can_be_asked_is_read()
    {
        var query = "?from=2026-11-01&to=2026-11-30&principal=app:x&model=m&outcome=served&request=r&after=c-20261122-ab-0.17&limit=5";

        AuditPage.TryRead(Parse(query), out var page, out _).ShouldBeTrue();

        page!.Query.From.ShouldBe(new DateOnly(2026, 11, 1));
        page.Query.To.ShouldBe(new DateOnly(2026, 11, 30));
        page.Query.Principal!.Value.Value.ShouldBe("app:x");
        (page.Query.Model, page.Query.Outcome, page.Query.RequestId, page.Limit).ShouldBe(("m", "served", "r", 5));
        page.After!.Value.Sequence.ShouldBe(17);
    }

    [Fact]
    public void Whoever_asks_for_an_outcome_that_nothing_has_is_told_those_that_there_are()
    {
        AuditPage.TryRead(Parse("?outcome=quota-exceeded"), out _, out var refusal).ShouldBeFalse();

        refusal!.Detail!.ShouldContain("served, abandoned, counted, PlanLowered");
        refusal.Detail!.ShouldContain("QuotaExceeded");
        refusal.Detail!.ShouldNotContain("quota-exceeded");
    }

    [Fact]
    public void Nothing_asked_is_the_first_hundred()
    {
        AuditPage.TryRead(Parse(""), out var page, out _).ShouldBeTrue();

        (page!.Limit, page.After).ShouldBe((100, null));
    }

    private static QueryCollection Parse(string query) => new(QueryHelpers.ParseQuery(query));
}
