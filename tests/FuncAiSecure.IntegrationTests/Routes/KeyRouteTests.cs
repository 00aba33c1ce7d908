using System.Text.Json;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary><c>/manage/keys</c>: what an operator may do with keys, and what not even an operator may.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class KeyRouteTests(RouteApp app)
{
    private const string Keys = "manage/keys";
    private const string Ask = """{"model":"words","input":"good"}""";

    [Fact]
    public async Task A_created_key_is_shown_once_and_works()
    {
        var operatorKey = await OperatorAsync("infer");

        var created = (await app.SendAsAsync(operatorKey, "POST", Keys, Wanted("shown-once"))).ShouldBeServed(201);
        var key = created.GetProperty("key").GetString()!;
        var id = created.GetProperty("id").GetString()!;

        key.ShouldStartWith("fais_" + id);
        (await app.SendAsAsync(key, "POST", "v1/classify", Ask)).ShouldBeServed();
        var list = await app.SendAsAsync(operatorKey, "GET", Keys);
        var item = list.ShouldBeServed().GetProperty("keys").EnumerateArray().Single(entry => entry.GetProperty("id").GetString() == id);
        item.GetProperty("principal").GetString().ShouldBe("shown-once");
        item.GetProperty("roles").Strings().ShouldBe(["infer"]);
        // An empty list of models or networks would say: none, or any.
        item.EnumerateObject().Select(member => member.Name).Order().ShouldBe(["created", "enabled", "id", "name", "plan", "principal", "roles"]);
        list.Text.ShouldNotContain(key.Split('_')[2]);
        var shown = (await app.SendAsAsync(operatorKey, "GET", $"{Keys}/{id}")).ShouldBeServed();
        shown.GetProperty("created_by").GetString().ShouldBe("operator");
        shown.GetProperty("models").Strings().ShouldNotBeEmpty();
        shown.GetProperty("networks").Strings().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_for_a_plan_that_nobody_configured_is_not_made()
    {
        var operatorKey = await OperatorAsync("infer");

        var answer = await app.SendAsAsync(operatorKey, "POST", Keys, """{"principal":"planless","roles":["infer"],"plan":"nobodys"}""");

        answer.ShouldBeRefused(422, "input-invalid");
        (await app.SendAsAsync(operatorKey, "GET", Keys)).Text.ShouldNotContain("planless");
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once_on_this_instance()
    {
        var operatorKey = await OperatorAsync("infer");
        var created = (await app.SendAsAsync(operatorKey, "POST", Keys, Wanted("revoked"))).ShouldBeServed(201);
        var key = created.GetProperty("key").GetString()!;
        (await app.SendAsAsync(key, "POST", "v1/classify", Ask)).ShouldBeServed();

        (await app.SendAsAsync(operatorKey, "DELETE", $"{Keys}/{created.GetProperty("id").GetString()}")).ShouldBeServed().GetProperty("enabled").GetBoolean().ShouldBeFalse();

        (await app.SendAsAsync(key, "POST", "v1/classify", Ask)).ShouldBeRefused(401, "credential-invalid");
        (await CheckAsync(operatorKey, key)).ShouldBe("not-valid-now");
    }

    [Fact]
    public async Task A_rotated_key_and_its_successor_both_work_for_the_overlap()
    {
        var operatorKey = await OperatorAsync("infer");
        var created = (await app.SendAsAsync(operatorKey, "POST", Keys, Wanted("rotated"))).ShouldBeServed(201);

        var rotated = (await app.SendAsAsync(operatorKey, "POST", $"{Keys}/{created.GetProperty("id").GetString()}/rotate", """{"overlap_seconds":600}""")).ShouldBeServed(201);

        rotated.GetProperty("previous_until").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(5));
        foreach (var key in (JsonElement[])[created, rotated])
        {
            (await app.SendAsAsync(key.GetProperty("key").GetString(), "POST", "v1/classify", Ask)).ShouldBeServed();
        }
    }

    [Fact]
    public async Task A_rotation_without_overlap_ends_the_old_key_with_the_second()
    {
        var operatorKey = await OperatorAsync("infer");
        var created = (await app.SendAsAsync(operatorKey, "POST", Keys, Wanted("rotated-now"))).ShouldBeServed(201);
        (await app.SendAsAsync(created.GetProperty("key").GetString(), "POST", "v1/classify", Ask)).ShouldBeServed();

        (await app.SendAsAsync(operatorKey, "POST", $"{Keys}/{created.GetProperty("id").GetString()}/rotate", """{"overlap_seconds":0}""")).ShouldBeServed(201);

        // The vault's times are whole seconds.
        (await RouteApp.UntilAsync(() => app.SendAsAsync(created.GetProperty("key").GetString(), "POST", "v1/classify", Ask), answer => answer.Status != 200))
            .ShouldBeRefused(401, "credential-invalid");
    }

    [Fact]
    public async Task An_operator_cannot_grant_what_it_lacks()
    {
        var operatorKey = await OperatorAsync("infer");

        foreach (var role in (string[])["manage.models", "manage.quotas", "read.audit", "read.usage", "read.payloads", "debug.timing"])
        {
            var answer = await app.SendAsAsync(operatorKey, "POST", Keys, $$"""{"principal":"grown","roles":["{{role}}"],"models":["*"]}""");
            answer.ShouldBeRefused(403, "role-missing");
        }
    }

    [Fact]
    public async Task An_operator_cannot_take_over_a_key_with_more_roles_by_rotating_it()
    {
        var strong = await app.App.CreateKeyAsync(principal: "strong", roles: ["read.audit"]);
        var operatorKey = await OperatorAsync("infer");

        (await app.SendAsAsync(operatorKey, "POST", $"{Keys}/{strong.Split('_')[1][..16]}/rotate", "{}")).ShouldBeRefused(403, "role-missing");
    }

    [Theory]
    [InlineData("GET", Keys)]
    [InlineData("POST", Keys)]
    [InlineData("DELETE", Keys + "/AAAAAAAAAAAAAAAA")]
    [InlineData("POST", Keys + "/AAAAAAAAAAAAAAAA/rotate")]
    [InlineData("POST", Keys + "/check")]
    public async Task Who_does_not_manage_keys_learns_nothing(string method, string path)
    {
        (await app.SendAsync(method, path, method == "POST" ? "{}" : null)).ShouldBeRefused(403, "role-missing");
        (await app.SendAsAsync(null, method, path, method == "POST" ? "{}" : null)).ShouldBeRefused(401, "credential-missing");
    }

    [Theory]
    [InlineData("no role", """{"principal":"a","roles":[]}""", 422)]
    [InlineData("an unknown role", """{"principal":"a","roles":["root"]}""", 422)]
    [InlineData("a malformed pattern", """{"principal":"a","roles":["infer"],"models":["a*b*c?"]}""", 422)]
    [InlineData("a malformed network", """{"principal":"a","roles":["infer"],"models":["*"],"networks":["10.0.0.0/99"]}""", 422)]
    [InlineData("a principal with a space", """{"principal":"a b","roles":["infer"],"models":["*"]}""", 422)]
    [InlineData("an end before now", """{"principal":"a","roles":["infer"],"models":["*"],"expires":"2001-01-01T00:00:00Z"}""", 422)]
    [InlineData("an unknown member", """{"principal":"a","roles":["infer"],"secret":"x"}""", 400)]
    [InlineData("no principal", """{"roles":["infer"]}""", 400)]
    [InlineData("no object", "[]", 400)]
    [InlineData("a null role", """{"principal":"a","roles":[null]}""", 400)]
    [InlineData("null roles", """{"principal":"a","roles":null}""", 400)]
    [InlineData("null models", """{"principal":"a","roles":["infer"],"models":null}""", 400)]
    public async Task A_malformed_wish_is_refused(string what, string body, int status)
    {
        var answer = await app.SendAsAsync(await OperatorAsync("infer"), "POST", Keys, body);

        answer.Status.ShouldBe(status, $"{what}: {answer.Text}");
    }

    [Theory]
    [InlineData("expires", "2100-12-31T12:00:00")]
    [InlineData("expires", "2100-12-31")]
    [InlineData("expires", "soon")]
    [InlineData("not_before", "2100-12-31T12:00")]
    public async Task A_time_without_its_offset_is_refused_and_not_read_in_the_zone_of_the_server(string member, string time)
    {
        var operatorKey = await OperatorAsync("infer");

        var answer = await app.SendAsAsync(operatorKey, "POST", Keys, $$"""{"principal":"zoneless","roles":["infer"],"models":["*"],"{{member}}":"{{time}}"}""");

        answer.ShouldBeRefused(422, "input-invalid", "/" + member);
        answer.Text.ShouldContain("a time with its offset, such as 2026-12-31T12:00Z");
        (await app.SendAsAsync(operatorKey, "GET", Keys)).Text.ShouldNotContain("zoneless");
    }

    [Fact]
    public async Task A_time_with_its_offset_is_that_moment()
    {
        var operatorKey = await OperatorAsync("infer");

        var created = await app.SendAsAsync(operatorKey, "POST", Keys, """{"principal":"zoned","roles":["infer"],"models":["*"],"expires":"2100-12-31T13:00:00+01:00"}""");

        var id = created.ShouldBeServed(201).GetProperty("id").GetString();
        (await app.SendAsAsync(operatorKey, "GET", $"{Keys}/{id}")).ShouldBeServed().GetProperty("expires").GetDateTimeOffset()
            .ShouldBe(new DateTimeOffset(2100, 12, 31, 12, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("GET", "AAAAAAAAAAAAAAAA", 404)]
    [InlineData("DELETE", "AAAAAAAAAAAAAAAA", 404)]
    [InlineData("GET", "short", 404)]
    [InlineData("GET", "................", 404)]
    [InlineData("PUT", "AAAAAAAAAAAAAAAA", 405)]
    public async Task A_key_that_is_not_there_is_refused(string method, string id, int status) =>
        (await app.SendAsAsync(await OperatorAsync("infer"), method, $"{Keys}/{id}")).Status.ShouldBe(status);

    [Fact]
    public async Task A_check_says_what_is_the_matter_and_never_repeats_the_key()
    {
        var operatorKey = await OperatorAsync("infer");

        (await CheckAsync(operatorKey, app.App.CallerKey)).ShouldBe("valid");
        (await CheckAsync(operatorKey, "nonsense")).ShouldBe("malformed");
        var stranger = app.App.CallerKey[..^9] + "AAAAAAAAA";
        (await CheckAsync(operatorKey, stranger)).ShouldNotBe("valid");
    }

    [Theory]
    [InlineData("""{"overlap_seconds":-1}""", 422)]
    [InlineData("""{"overlap_seconds":2147483647}""", 422)]
    [InlineData("""{"overlap_seconds":"long"}""", 400)]
    public async Task A_rotation_takes_an_overlap_within_bounds(string body, int status)
    {
        var operatorKey = await OperatorAsync("infer");
        var id = (await app.App.CreateKeyAsync(principal: "overlap")).Split('_')[1][..16];

        (await app.SendAsAsync(operatorKey, "POST", $"{Keys}/{id}/rotate", body)).Status.ShouldBe(status);
    }

    private async Task<string?> CheckAsync(string operatorKey, string key)
    {
        var answer = await app.SendAsAsync(operatorKey, "POST", Keys + "/check", JsonSerializer.Serialize(new { key }));
        answer.Text.ShouldNotContain(key);
        return answer.ShouldBeServed().GetProperty("result").GetString();
    }

    private Task<string> OperatorAsync(params string[] more) => app.App.CreateKeyAsync(principal: "operator", roles: ["manage.keys", .. more]);

    private static string Wanted(string principal) => $$"""{"principal":"{{principal}}","name":"a test","roles":["infer"],"models":["*"]}""";
}
