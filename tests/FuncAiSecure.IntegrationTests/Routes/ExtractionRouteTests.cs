using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.IntegrationTests.Chain;
using Microsoft.Extensions.Configuration;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary>Information budgets over HTTP: what each route's answers lose, who is counted, what operators see.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class ExtractionRouteTests(RouteApp app)
{
    private const string Classify = """{"model":"budget-words","input":"good"}""";
    private const string Rows = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[0.1,0,0.1,0]}]}""";

    [Fact]
    public async Task Classifications_lose_decimals_then_labels_then_everything()
    {
        var answers = await AskAsync(await KeyAsync("budget-classify"), "v1/classify", Classify);

        // 10 bits, and 2.5 for each repetition, of 99: no sum meets a limit.
        answers.Count(answer => !IsReduced(answer)).ShouldBe(8);
        var scores = answers.SkipLast(1).Select(answer => answer.ShouldBeServed().GetProperty("data")[0]).ToList();
        Score(scores[0]).ShouldBe(0.9526, 1e-6);
        scores.Where(result => result.GetProperty("scores").GetArrayLength() == 2).Select(Score).Distinct().ShouldBe([Score(scores[0]), 0.95], 1e-6);
        scores[^1].GetProperty("scores").GetArrayLength().ShouldBe(1);
        Score(scores[^1]).ShouldBe(1);
        scores.ShouldAllBe(result => result.GetProperty("label").GetString() == "positive");
        ShouldSayLittle(answers[^1]);
    }

    [Fact]
    public async Task Tensors_keep_the_best_score_of_a_row()
    {
        var answers = await AskAsync(await KeyAsync("budget-tensors"), "v2/models/budget-swap/infer", Rows);

        var first = Data(answers[0]);
        var last = Data(answers[^2]);
        first.Sum().ShouldBe(1, 0.001);
        last.Count(value => value != 0).ShouldBe(1);
        last.IndexOf(last.Max()).ShouldBe(first.IndexOf(first.Max()));
        last.Max().ShouldBe(Math.Round(first.Max(), 1), 1e-6);
        ShouldSayLittle(answers[^1]);

        static List<double> Data(Answer answer) => [.. answer.ShouldBeServed().GetProperty("outputs")[0].GetProperty("data").Numbers()];
    }

    [Fact]
    public async Task Embeddings_and_rerank_scores_lose_decimals()
    {
        var key = await KeyAsync("budget-numbers");

        var vectors = await AskAsync(key, "v1/embeddings", """{"model":"budget-encoder","input":"abc"}""");
        var ranks = await AskAsync(key, "v1/rerank", """{"model":"budget-ranker","query":"ab","documents":["z","y"]}""");

        Vector(vectors[0]).ShouldContain(value => Math.Abs(value - Math.Round(value, 1)) > 1e-4);
        Vector(vectors[^2]).ShouldAllBe(value => Math.Abs(value - Math.Round(value, 1)) < 1e-6);
        ranks[^2].ShouldBeServed().GetProperty("results").EnumerateArray().Select(result => result.GetProperty("relevance_score").GetDouble())
            .ShouldAllBe(value => Math.Abs(value - Math.Round(value, 1)) < 1e-6);
        ShouldSayLittle(vectors[^1]);
        ShouldSayLittle(ranks[^1]);

        static double[] Vector(Answer answer) => answer.ShouldBeServed().GetProperty("data")[0].GetProperty("embedding").Numbers();
    }

    [Fact]
    public async Task A_batch_past_the_budget_is_refused_whole()
    {
        var key = await KeyAsync("budget-batch");
        var texts = string.Join(',', Enumerable.Range(0, 32).Select(i => $"\"good {i} word{i} bad{i}\""));

        var huge = await app.SendAsAsync(key, "POST", "v1/classify", $$"""{"model":"budget-words","input":[{{texts}}]}""");
        var small = await app.SendAsAsync(key, "POST", "v1/classify", Classify);

        huge.ShouldBeRefused(429, "information-budget-spent");
        huge.Headers.ShouldNotContainKey("Retry-After");
        small.ShouldBeServed();
        IsReduced(small).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_may_see_everything_is_not_counted()
    {
        var key = await app.App.CreateKeyAsync(principal: "budget-exact", roles: ["infer", "debug.timing"]);

        for (var i = 0; i < 60; i++)
        {
            var answer = await app.SendAsAsync(key, "POST", "v1/classify", Classify);
            Score(answer.ShouldBeServed().GetProperty("data")[0]).ShouldBe(0.95257413, 1e-6);
            IsReduced(answer).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Principals_and_models_are_counted_apart_and_keys_of_one_principal_together()
    {
        await AskAsync(await KeyAsync("budget-apart"), "v1/classify", Classify);

        (await app.SendAsAsync(await KeyAsync("budget-apart"), "POST", "v1/classify", Classify)).ShouldBeRefused(429, "information-budget-spent");
        (await app.SendAsAsync(await KeyAsync("budget-apart-2"), "POST", "v1/classify", Classify)).ShouldBeServed();
        (await app.SendAsAsync(await KeyAsync("budget-apart"), "POST", "v2/models/budget-swap/infer", Rows)).ShouldBeServed();
        (await app.SendAsAsync(await KeyAsync("budget-apart"), "POST", "v1/classify", """{"model":"words","input":"good"}""")).ShouldBeServed();
    }

    [Theory]
    [InlineData("budget-words")]
    [InlineData("rounded-words")]
    public async Task A_text_model_with_a_budget_or_rounded_probabilities_is_not_asked_by_tensors(string model) =>
        (await app.SendAsAsync(
            await KeyAsync("budget-around"), "POST", $"v2/models/{model}/infer", """{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["good"]}]}"""))
        .ShouldBeRefused(422, "input-invalid");

    [Fact]
    public async Task Operators_see_the_steps_in_the_audit_trail_and_among_the_anomalies()
    {
        await AskAsync(await KeyAsync("budget-watched"), "v1/classify", Classify);
        var reader = await app.App.CreateKeyAsync(principal: "budget-reader", roles: ["read.usage", "read.audit"]);

        var listed = await RouteApp.UntilAsync(
            () => app.SendAsAsync(reader, "GET", "manage/anomalies?limit=1000"), answer => Steps(answer).Count == 3);
        var records = await RouteApp.UntilAsync(
            () => app.SendAsAsync(reader, "GET", "manage/audit?principal=budget-watched"),
            answer => answer.Text.Contains("output.step-3", StringComparison.Ordinal) && answer.Text.Contains("\"Budget\"", StringComparison.Ordinal));

        Steps(listed).Order().ShouldBe([0.3, 0.6, 1]);
        records.Text.ShouldContain("output.step-1");
        records.Text.ShouldContain("InformationBudgetSpent");
        Watched(listed).ShouldAllBe(anomaly => anomaly.GetProperty("model").GetString() == "budget-words");
        var ofOthers = await app.SendAsAsync(
            await app.App.CreateKeyAsync(principal: "budget-other", roles: ["read.usage"], models: ["iris"]), "GET", "manage/anomalies?limit=1000");
        Steps(ofOthers).Count.ShouldBe(3);
        ofOthers.Text.ShouldNotContain("budget-words");

        static List<double> Steps(Answer answer) => [.. Watched(answer).Select(anomaly => anomaly.GetProperty("limit").GetDouble())];

        static IEnumerable<JsonElement> Watched(Answer answer) => answer.ShouldBeServed().GetProperty("anomalies").EnumerateArray()
            .Where(anomaly => anomaly.GetProperty("signal").GetString() == "budget" && anomaly.GetProperty("principal").GetString() == "budget-watched");
    }

    [Fact]
    public async Task Another_instance_takes_over_what_was_spent()
    {
        var key = await KeyAsync("budget-restart");
        await AskAsync(key, "v1/classify", Classify);
        await UntilSavedAsync("budget-restart");

        using var other = new HttpClient { BaseAddress = await app.App.StartInstanceAsync() };
        await ServedApp.WaitUntilReadyAsync(other);

        (await ServedApp.SendAsync(other, key, "POST", "v1/classify", Classify)).ShouldBeRefused(429, "information-budget-spent");
    }

    private static bool IsReduced(Answer answer) => answer.Status != 200 || answer.Headers.ContainsKey("x-output-reduced");

    private static double Score(JsonElement result) => result.GetProperty("scores")[0].GetProperty("score").GetDouble();

    // How much is left, what a step takes and when it ends are the operator's affair.
    private static void ShouldSayLittle(Answer refused)
    {
        refused.ShouldBeRefused(429, "information-budget-spent");
        (int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture) % 3_600).ShouldBe(0);
        refused.Headers.ShouldNotContainKey("x-output-reduced");
        refused.Json.GetProperty("detail").GetString()!.ShouldNotContain("0.");
    }

    private async Task UntilSavedAsync(string principal)
    {
        var budgets = new BudgetControl(new TableServiceClient(app.App.Storage.ConnectionString), new ConfigurationBuilder().Build(), TimeProvider.System);
        PrincipalId.TryParse(principal, out var id).ShouldBeTrue();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await budgets.FindSpentAsync(id, "budget-words", patience.Token) is null or < 0.95)
        {
            await Task.Delay(100, patience.Token);
        }
    }

    private Task<string> KeyAsync(string principal) => app.App.CreateKeyAsync(principal: principal);

    // Asks the same again until it is refused.
    private async Task<List<Answer>> AskAsync(string key, string path, string body)
    {
        var answers = new List<Answer>();
        do
        {
            answers.Add(await app.SendAsAsync(key, "POST", path, body));
        }
        while (answers[^1].Status == 200 && answers.Count < 200);

        answers.SkipLast(1).SkipWhile(answer => !IsReduced(answer)).ShouldAllBe(answer => answer.Headers["x-output-reduced"] == "true");
        return answers;
    }
}
