using System.Text.Json;
using FuncAiSecure.IntegrationTests.Chain;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary><c>/manage/audit</c>: what was just asked is on record, page by page, for those who may read it.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class AuditRouteTests(RouteApp app)
{
    [Fact]
    public async Task Requests_just_made_are_on_record_without_their_texts()
    {
        var key = await app.App.CreateKeyAsync(principal: "audited");
        await app.SendAsAsync(key, "POST", "v1/classify", """{"model":"words","input":"canary-text"}""", Named("audit-1"));
        await app.SendAsAsync(key, "POST", "v1/classify", """{"model":"words","input":[]}""", Named("audit-2"));
        await app.SendAsAsync(null, "POST", "v1/classify", "{}", Named("audit-3"));

        var served = await FindAsync("request=audit-1");
        var refused = await FindAsync("request=audit-2");
        var stranger = await FindAsync("request=audit-3");

        served.Json.GetProperty("records")[0].GetProperty("principal").GetString().ShouldBe("audited");
        served.Text.ShouldContain("\"served\"");
        served.Text.ShouldContain("\"words\"");
        served.Text.ShouldNotContain("canary");
        served.Text.ShouldNotContain(key.Split('_')[2]);
        refused.Text.ShouldContain("InputInvalid");
        stranger.Text.ShouldContain("CredentialMissing");
        stranger.Json.GetProperty("records")[0].TryGetProperty("principal", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Pages_meet_without_gap_or_overlap()
    {
        var key = await app.App.CreateKeyAsync(principal: "paged");
        for (var i = 0; i < 5; i++)
        {
            await app.SendAsAsync(key, "GET", "v1/models");
        }

        var auditor = await AuditorAsync();
        var all = await RouteApp.UntilAsync(() => app.SendAsAsync(auditor, "GET", "manage/audit?principal=paged"), answer => Records(answer).Length == 5);

        var places = new List<string>();
        var after = "";
        for (var page = 0; page < 4; page++)
        {
            var answer = (await app.SendAsAsync(auditor, "GET", "manage/audit?principal=paged&limit=2" + after));
            places.AddRange(Records(answer));
            if (!answer.ShouldBeServed().TryGetProperty("next", out var next))
            {
                break;
            }

            after = "&after=" + Uri.EscapeDataString(next.GetString()!);
        }

        places.ShouldBe(Records(all));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=-1")]
    [InlineData("limit=many")]
    [InlineData("from=yesterday")]
    [InlineData("to=2026-13-01")]
    [InlineData("after=nowhere")]
    [InlineData("principal=a%20b")]
    [InlineData("limit=1&limit=2")]
    [InlineData("everything=1")]
    [InlineData("model=")]
    public async Task A_query_that_cannot_be_read_is_refused_and_not_repeated(string query)
    {
        var answer = await app.SendAsAsync(await AuditorAsync(), "GET", "manage/audit?" + query);

        answer.ShouldBeRefused(400, "unsupported-parameter");
        answer.Text.ShouldNotContain("everything");
        answer.Text.ShouldNotContain("yesterday");
    }

    [Fact]
    public async Task What_an_operator_did_and_to_whom_is_on_record()
    {
        var operatorKey = await app.App.CreateKeyAsync(principal: "acting", roles: ["manage.keys", "manage.quotas", "infer"]);
        var created = (await app.SendAsAsync(
            operatorKey, "POST", "manage/keys", """{"principal":"acted-on","roles":["infer"],"models":["words"]}""", Named("act-create"))).ShouldBeServed(201);
        var id = created.GetProperty("id").GetString();
        await app.SendAsAsync(operatorKey, "GET", $"manage/keys/{id}", null, Named("act-show"));
        await app.SendAsAsync(operatorKey, "POST", $"manage/keys/{id}/rotate", "{}", Named("act-rotate"));
        await app.SendAsAsync(operatorKey, "DELETE", $"manage/keys/{id}", null, Named("act-revoke"));
        await app.SendAsAsync(operatorKey, "PUT", "manage/usage/plan", """{"principal":"acted-on","plan":"roomy"}""", Named("act-plan"));
        await app.SendAsAsync(operatorKey, "POST", "manage/usage/reset", """{"principal":"acted-on"}""", Named("act-reset"));

        foreach (var (request, subject, about) in ((string, string, string?)[])
            [
                ("act-create", $"create {id}", "acted-on"), ("act-show", $"show {id}", "acted-on"), ("act-rotate", $"rotate {id}", null),
                ("act-revoke", $"revoke {id}", "acted-on"), ("act-plan", "plan roomy", "acted-on"), ("act-reset", "reset", "acted-on"),
            ])
        {
            var record = (await FindAsync("request=" + request)).Json.GetProperty("records")[0];
            record.GetProperty("principal").GetString().ShouldBe("acting");
            record.GetProperty("subject").GetString().ShouldBe(subject);
            (record.TryGetProperty("aboutPrincipal", out var other) ? other.GetString() : null).ShouldBe(about);
        }
    }

    [Theory]
    [InlineData("DELETE", "manage/keys/CanaryCanary1234", null, "revoke")]
    [InlineData("POST", "manage/keys/CanaryCanary1234/rotate", "{}", "rotate")]
    [InlineData("PUT", "manage/usage/plan", """{"principal":"canary-name","plan":"canary-plan"}""", null)]
    [InlineData("POST", "manage/usage/reset", """{"principal":"canary-name","policy":"canary-policy"}""", null)]
    [InlineData("POST", "manage/keys", """{"principal":"canary-name","roles":["canary-role"]}""", "create")]
    public async Task What_an_operator_did_not_get_done_is_on_record_without_its_words(string method, string path, string? body, string? subject)
    {
        var operatorKey = await app.App.CreateKeyAsync(principal: "failing", roles: ["manage.keys", "manage.quotas"]);
        var request = $"failed-{method}-{path.Length}-{body?.Length}";
        (await app.SendAsAsync(operatorKey, method, path, body, Named(request))).Status.ShouldBeGreaterThanOrEqualTo(400);

        var record = await FindAsync("request=" + request);

        record.Text.ShouldNotContain("canary", Case.Insensitive);
        (record.Json.GetProperty("records")[0].TryGetProperty("subject", out var said) ? said.GetString() : null).ShouldBe(subject);
    }

    [Fact]
    public async Task Only_who_reads_the_audit_trail_reads_it()
    {
        var operatorKey = await app.App.CreateKeyAsync(principal: "not-auditor", roles: ["manage.keys", "manage.models", "manage.quotas", "read.usage", "infer"]);

        (await app.SendAsAsync(operatorKey, "GET", "manage/audit")).ShouldBeRefused(403, "role-missing");
        (await app.SendAsAsync(null, "GET", "manage/audit")).ShouldBeRefused(401, "credential-missing");
        (await app.SendAsAsync(await AuditorAsync(), "POST", "manage/audit", "{}")).ShouldBeRefused(405, "method");
        (await app.SendAsAsync(await AuditorAsync(), "DELETE", "manage/audit")).ShouldBeRefused(405, "method");
    }

    private static Action<HttpRequestMessage> Named(string id) => request => request.Headers.Add("x-request-id", id);

    private async Task<Answer> FindAsync(string query)
    {
        var auditor = await AuditorAsync();
        return await RouteApp.UntilAsync(() => app.SendAsAsync(auditor, "GET", "manage/audit?" + query), answer => Records(answer).Length == 1);
    }

    private static string[] Records(Answer answer) =>
        [.. answer.ShouldBeServed().GetProperty("records").EnumerateArray().Select(Place)];

    private static string Place(JsonElement record) => $"{record.GetProperty("chain").GetString()}/{record.GetProperty("sequence").GetInt64()}";

    private Task<string> AuditorAsync() => app.App.CreateKeyAsync(principal: "auditor", roles: ["read.audit"]);
}
