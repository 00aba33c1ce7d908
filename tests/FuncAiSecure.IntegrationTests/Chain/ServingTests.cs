using System.Text.Json;

namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>What is served, in the shapes that existing clients read.</summary>
[Collection(ServedAppGroup.Name)]
public sealed class ServingTests(ServedApp app)
{
    [Fact]
    public async Task Texts_are_classified_best_label_first()
    {
        var answer = await app.SendAsync(
            "POST", "v1/classify", """{"model":"sms-spam","input":["WINNER!! You have won a free prize, call now","see you at lunch"]}""");

        answer.Status.ShouldBe(200, answer.Text);
        var data = answer.Json.GetProperty("data");
        data[0].GetProperty("label").GetString().ShouldBe("spam");
        data[1].GetProperty("label").GetString().ShouldBe("ham");
        data[1].GetProperty("index").GetInt32().ShouldBe(1);
        data[0].GetProperty("probs").EnumerateArray().Sum(p => p.GetDouble()).ShouldBe(1, 0.01);
        answer.Json.GetProperty("object").GetString().ShouldBe("list");
        answer.Json.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBeGreaterThan(0);
        answer.Headers["x-model-version"].ShouldBe("1");
    }

    [Fact]
    public async Task Top_k_limits_the_labels()
    {
        var answer = await app.SendAsync("POST", "v1/classify", """{"model":"banking77","input":"I lost my card","top_k":3}""");

        answer.Status.ShouldBe(200, answer.Text);
        var scores = answer.Json.GetProperty("data")[0].GetProperty("scores").EnumerateArray().Select(s => s.GetProperty("score").GetDouble()).ToList();
        scores.Count.ShouldBe(3);
        scores.ShouldBe(scores.OrderDescending());
    }

    [Fact]
    public async Task A_plain_Open_Inference_request_agrees_with_the_golden_numbers_of_the_file()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestSupport.Repository.Root, "models", "wine", "1", "golden.json")));
        var test = golden.RootElement.GetProperty("cases")[0];
        var body = $$"""{"id":"g1","inputs":{{test.GetProperty("inputs").GetRawText()}}}""";

        var answer = await app.SendAsync("POST", "v2/models/wine/infer", body);

        answer.Status.ShouldBe(200, answer.Text);
        answer.Json.GetProperty("model_name").GetString().ShouldBe("wine");
        answer.Json.GetProperty("id").GetString().ShouldBe("g1");
        var expected = Flatten(test.GetProperty("outputs")[0].GetProperty("data"));
        var actual = Flatten(answer.Json.GetProperty("outputs")[0].GetProperty("data"));
        actual.Count.ShouldBe(expected.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            actual[i].ShouldBe(expected[i], 1e-4);
        }
    }

    [Fact]
    public async Task Only_models_that_the_caller_may_use_are_listed()
    {
        var key = await app.CreateKeyAsync(models: ["sms-*"]);

        var all = await app.SendAsync("GET", "v1/models");
        var some = await ServedApp.SendAsync(app.Client, key, "GET", "v1/models");

        Ids(all).ShouldContain("wine");
        Ids(some).ShouldBe(["sms-spam"]);
    }

    [Fact]
    public async Task A_model_describes_itself()
    {
        var answer = await app.SendAsync("GET", "v2/models/wine");

        answer.Status.ShouldBe(200);
        answer.Json.GetProperty("platform").GetString().ShouldBe("onnx_onnxv1");
        answer.Json.GetProperty("versions")[0].GetString().ShouldBe("1");
        answer.Json.GetProperty("inputs")[0].GetProperty("datatype").GetString().ShouldBe("FP32");
    }

    [Theory]
    [InlineData("v2/health/live")]
    [InlineData("v2/health/ready")]
    public async Task Health_needs_no_key(string path) =>
        (await ServedApp.SendAsync(app.Client, null, "GET", path)).Status.ShouldBe(200);

    [Fact]
    public async Task A_safe_request_id_comes_back()
    {
        var answer = await app.SendAsync("GET", "v1/models", shape: request => request.Headers.Add("x-request-id", "order-17"));

        answer.Headers["x-request-id"].ShouldBe("order-17");
    }

    private static string[] Ids(Answer answer) => [.. answer.Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!)];

    private static List<double> Flatten(JsonElement data) => data.ValueKind is JsonValueKind.Array
        ? [.. data.EnumerateArray().SelectMany(Flatten)]
        : [data.GetDouble()];
}
