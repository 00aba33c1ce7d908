using Azure.Data.Tables;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Promotion;
using FuncAiSecure.IntegrationTests.Chain;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary><c>/manage/models</c> and versions of models: what serves, who changed it, and the way back.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class ManageModelRouteTests(RouteApp app)
{
    private const string Rows = """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}]}""";

    [Fact]
    public async Task Promotions_and_rollbacks_move_what_serves_and_a_version_that_fails_its_golden_tests_never_does()
    {
        var key = await OperatorAsync();

        (await PromoteAsync(key, """{"version":1}""")).ShouldBeServed().GetProperty("version").GetInt32().ShouldBe(1);
        await ShouldServeAsync("1");

        var second = (await PromoteAsync(key, """{"version":2}""")).ShouldBeServed();
        second.GetProperty("previous_version").GetInt32().ShouldBe(1);
        second.GetProperty("by").GetString().ShouldBe("model-operator");
        await ShouldServeAsync("2");

        var back = (await app.SendAsAsync(key, "POST", "manage/models/swap/rollback")).ShouldBeServed();
        back.GetProperty("version").GetInt32().ShouldBe(1);
        back.GetProperty("rollback").GetBoolean().ShouldBeTrue();
        await ShouldServeAsync("1");

        // Its numbers are not those of its golden file: the old one serves on, and the list says why.
        (await PromoteAsync(key, """{"version":3}""")).ShouldBeServed();
        var list = await RouteApp.UntilAsync(() => app.SendAsAsync(key, "GET", "manage/models"), answer => Version(answer, 3).State == "refused");
        Version(list, 3).Faults.ShouldContain("golden");
        await ShouldServeAsync("1");
        (await app.SendAsync("GET", "v2/health/ready")).ShouldBeServed();

        var history = (await app.SendAsAsync(key, "GET", "manage/models/swap/promotions")).ShouldBeServed().GetProperty("promotions");
        history.EnumerateArray().Select(entry => entry.GetProperty("version").GetInt32()).ShouldBe([3, 1, 2, 1]);
        history.EnumerateArray().ShouldAllBe(entry => entry.GetProperty("by").GetString() == "model-operator");
    }

    [Fact]
    public async Task The_list_names_versions_and_why_one_is_refused()
    {
        var list = await app.SendAsAsync(await OperatorAsync(), "GET", "manage/models");

        list.ShouldBeServed().GetProperty("ready").GetBoolean().ShouldBeTrue();
        Version(list, 4).State.ShouldBe("refused");
        Version(list, 4).Faults.ShouldContain("SHA-256");
        Version(list, 1).State.ShouldNotBe("refused");
        list.Text.ShouldNotContain(Path.GetTempPath());
    }

    [Fact]
    public async Task An_operator_of_some_models_sees_and_changes_only_those()
    {
        var key = await app.App.CreateKeyAsync(principal: "some", roles: ["manage.models"], models: ["two"]);

        var names = (await app.SendAsAsync(key, "GET", "manage/models")).ShouldBeServed().GetProperty("models").EnumerateArray().Select(entry => entry.GetProperty("name").GetString());
        names.Distinct().ShouldBe(["two"]);
        (await PromoteAsync(key, """{"version":2}""")).ShouldBeRefused(404, "not-found");
        (await app.SendAsAsync(key, "POST", "manage/models/swap/rollback")).ShouldBeRefused(404, "not-found");
        (await app.SendAsAsync(key, "GET", "manage/models/swap/promotions")).ShouldBeRefused(404, "not-found");
    }

    [Theory]
    [InlineData("swap", """{"version":4}""", 409, "conflict")]
    [InlineData("swap", """{"version":9}""", 404, "not-found")]
    [InlineData("swap", """{"version":0}""", 404, "not-found")]
    [InlineData("swap", """{"version":-1}""", 404, "not-found")]
    [InlineData("nobody", """{"version":1}""", 404, "not-found")]
    [InlineData("two", """{"version":1,"percent":101}""", 422, "input-invalid")]
    [InlineData("two", """{"version":1,"percent":-1}""", 422, "input-invalid")]
    [InlineData("two", """{"version":1,"percent":10}""", 409, "conflict")]
    [InlineData("two", """{"version":"1"}""", 400, "malformed-request")]
    [InlineData("two", """{"version":1.5}""", 400, "malformed-request")]
    [InlineData("two", "{}", 400, "malformed-request")]
    [InlineData("two", """{"version":1,"force":true}""", 400, "unsupported-parameter")]
    public async Task A_promotion_that_cannot_be_is_refused(string model, string body, int status, string code) =>
        (await app.SendAsAsync(await OperatorAsync(), "POST", $"manage/models/{model}/promote", body)).ShouldBeRefused(status, code);

    [Fact]
    public async Task Without_an_earlier_promotion_there_is_no_way_back() =>
        (await app.SendAsAsync(await OperatorAsync(), "POST", "manage/models/two/rollback")).ShouldBeRefused(409, "conflict");

    [Theory]
    [InlineData("GET", "manage/models/nobody/promotions")]
    [InlineData("POST", "manage/models/nobody/rollback")]
    public async Task A_model_that_nobody_knows_has_no_promotions_to_read_or_to_return_to(string method, string path) =>
        (await app.SendAsAsync(await OperatorAsync(), method, path)).ShouldBeRefused(404, "not-found");

    [Fact]
    public async Task A_model_without_promotions_has_an_empty_history() =>
        (await app.SendAsAsync(await OperatorAsync(), "GET", "manage/models/two/promotions")).ShouldBeServed()
            .GetProperty("promotions").GetArrayLength().ShouldBe(0);

    [Fact]
    public async Task A_model_whose_folder_is_gone_keeps_its_history()
    {
        var store = PromotionStores.OnTables(new TableServiceClient(app.App.Storage.ConnectionString), new ModelOptions());
        PrincipalId.TryParse("earlier", out var by).ShouldBeTrue();
        (await new ModelPromoter(store, TimeProvider.System).PromoteAsync("retired", 1, 100, by, default)).Refusal.ShouldBeNull();

        (await app.SendAsAsync(await OperatorAsync(), "GET", "manage/models/retired/promotions")).ShouldBeServed()
            .GetProperty("promotions")[0].GetProperty("by").GetString().ShouldBe("earlier");
        (await app.SendAsAsync(await OperatorAsync(), "POST", "manage/models/retired/rollback")).ShouldBeRefused(409, "conflict");
    }

    [Fact]
    public async Task There_is_no_way_back_to_a_version_whose_folder_is_gone()
    {
        var store = PromotionStores.OnTables(new TableServiceClient(app.App.Storage.ConnectionString), new ModelOptions());
        PrincipalId.TryParse("earlier", out var by).ShouldBeTrue();
        foreach (var version in new[] { 1, 2 })
        {
            (await new ModelPromoter(store, TimeProvider.System).PromoteAsync("gone", version, 100, by, default)).Refusal.ShouldBeNull();
        }

        (await app.SendAsAsync(await OperatorAsync(), "POST", "manage/models/gone/rollback")).ShouldBeRefused(409, "conflict");

        (await store.ReadHistoryAsync("gone", 10, default)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("GET", "manage/models")]
    [InlineData("GET", "manage/models/swap/promotions")]
    [InlineData("POST", "manage/models/swap/promote")]
    [InlineData("POST", "manage/models/swap/rollback")]
    public async Task Who_does_not_manage_models_is_refused(string method, string path)
    {
        var body = path.EndsWith("promote", StringComparison.Ordinal) ? """{"version":2}""" : null;

        (await app.SendAsync(method, path, body)).ShouldBeRefused(403, "role-missing");
        (await app.SendAsAsync(null, method, path, body)).ShouldBeRefused(401, "credential-missing");
    }

    [Theory]
    [InlineData("v2/models/swap/versions/2")]
    [InlineData("v2/models/swap/versions/2/ready")]
    [InlineData("v2/models/swap/versions/2/stats")]
    public async Task A_version_can_be_named(string path) => (await app.SendAsync("GET", path)).ShouldBeServed();

    [Theory]
    [InlineData("v2/models/swap/versions/9")]
    [InlineData("v2/models/swap/versions/9/ready")]
    [InlineData("v2/models/swap/versions/9/stats")]
    [InlineData("v2/models/swap/versions/0")]
    [InlineData("v2/models/swap/versions/-1")]
    [InlineData("v2/models/swap/versions/1e0")]
    [InlineData("v2/models/swap/versions/99999999999999999999")]
    [InlineData("v2/models/nobody/versions/1")]
    [InlineData("v2/models/nobody/ready")]
    [InlineData("v2/models/nobody/stats")]
    public async Task A_version_that_is_not_there_is_refused(string path) => (await app.SendAsync("GET", path)).ShouldBeRefused(404, "not-found");

    [Fact]
    public async Task A_version_that_fails_its_golden_tests_is_never_called_ready()
    {
        (await app.SendAsync("GET", "v2/models/revised/versions/3/ready")).ShouldBeRefused(503, "model-not-ready");
        (await app.SendAsync("GET", "v2/models/revised/versions/3/ready")).ShouldBeRefused(503, "model-not-ready");
    }

    [Fact]
    public async Task A_named_version_runs_and_a_refused_one_does_not()
    {
        var second = await app.SendAsync("POST", "v2/models/swap/versions/2/infer", Rows);
        second.ShouldBeServed().GetProperty("model_version").GetString().ShouldBe("2");
        second.Headers["x-model-version"].ShouldBe("2");

        var refused = await app.SendAsync("POST", "v2/models/swap/versions/4/infer", Rows);
        refused.Status.ShouldBeOneOf(404, 503);
        refused.Text.ShouldNotContain("SHA-256");
    }

    [Fact]
    public async Task A_key_for_one_version_reaches_no_other()
    {
        var key = await app.App.CreateKeyAsync(principal: "versioned", models: ["swap@2"]);

        (await app.SendAsAsync(key, "POST", "v2/models/swap/versions/2/infer", Rows)).ShouldBeServed();
        (await app.SendAsAsync(key, "POST", "v2/models/swap/versions/1/infer", Rows)).ShouldBeRefused(404, "not-found");
    }

    [Fact]
    public async Task Statistics_count_what_ran_and_what_failed()
    {
        (await app.SendAsync("POST", "v2/models/swap/versions/2/infer", Rows)).ShouldBeServed();
        var before = await CountAsync();
        (await app.SendAsync("POST", "v2/models/swap/versions/2/infer", Rows)).ShouldBeServed();

        (await CountAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Statistics_of_all_models_name_those_that_the_caller_may_use()
    {
        (await app.SendAsync("POST", "v2/models/swap/versions/2/infer", Rows)).ShouldBeServed();
        var key = await app.App.CreateKeyAsync(principal: "narrow", models: ["swap@2"]);
        var other = await app.App.CreateKeyAsync(principal: "other", models: ["two"]);

        var all = (await app.SendAsync("GET", "v2/models/stats")).ShouldBeServed().GetProperty("model_stats").EnumerateArray().ToList();
        all.ShouldContain(entry => entry.GetProperty("name").GetString() == "swap" && entry.GetProperty("version").GetString() == "2");
        var narrow = (await app.SendAsAsync(key, "GET", "v2/models/stats")).ShouldBeServed().GetProperty("model_stats").EnumerateArray();
        narrow.Select(entry => (entry.GetProperty("name").GetString(), entry.GetProperty("version").GetString())).ShouldBe([("swap", "2")]);
        (await app.SendAsAsync(other, "GET", "v2/models/stats")).ShouldBeServed().GetProperty("model_stats").EnumerateArray()
            .ShouldAllBe(entry => entry.GetProperty("name").GetString() == "two");
        (await app.SendAsAsync(null, "GET", "v2/models/stats")).ShouldBeRefused(401, "credential-missing");
    }

    private async Task<long> CountAsync()
    {
        var stats = (await app.SendAsync("GET", "v2/models/swap/versions/2/stats")).ShouldBeServed().GetProperty("model_stats")[0];
        stats.GetProperty("name").GetString().ShouldBe("swap");
        stats.GetProperty("version").GetString().ShouldBe("2");
        stats.GetProperty("inference_stats").GetProperty("success").GetProperty("ns").GetInt64().ShouldBeGreaterThan(0);
        return stats.GetProperty("inference_count").GetInt64();
    }

    private Task<Answer> ShouldServeAsync(string version) =>
        RouteApp.UntilAsync(() => app.SendAsync("POST", "v2/models/swap/infer", Rows), answer => answer.Status == 200 && answer.Headers["x-model-version"] == version);

    private static (string? State, string Faults) Version(Answer list, int version)
    {
        var entry = list.Json.GetProperty("models").EnumerateArray()
            .Single(model => model.GetProperty("name").GetString() == "swap" && model.GetProperty("version").GetInt32() == version);
        return (entry.GetProperty("state").GetString(), entry.GetProperty("faults").GetRawText());
    }

    private Task<Answer> PromoteAsync(string key, string body) => app.SendAsAsync(key, "POST", "manage/models/swap/promote", body);

    private Task<string> OperatorAsync() => app.App.CreateKeyAsync(principal: "model-operator", roles: ["manage.models"]);
}
