using System.Runtime.InteropServices;
using System.Text.Json;
using FuncAiSecure.Http;
using FuncAiSecure.IntegrationTests.Chain;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary><c>/v1/embeddings</c> and <c>/v1/rerank</c> against numbers that were calculated apart from this code.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class EmbeddingRouteTests(RouteApp app)
{
    private const string Embeddings = "v1/embeddings";

    private static readonly Dictionary<string, double[]> Expected = JsonSerializer.Deserialize<Dictionary<string, double[]>>(File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "FuncAiSecure.Core.Tests", "Inference", "TestModels", "expected.json")))!;

    [Fact]
    public async Task Vectors_equal_an_independent_calculation()
    {
        var body = (await app.SendAsync("POST", Embeddings, """{"model":"encoder","input":["abc","z","hello"]}""")).ShouldBeServed();

        body.GetProperty("object").GetString().ShouldBe("list");
        body.GetProperty("model").GetString().ShouldBe("encoder");
        body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(5 + 3 + 7);
        string[] texts = ["abc", "z", "hello"];
        for (var i = 0; i < texts.Length; i++)
        {
            var item = body.GetProperty("data")[i];
            item.GetProperty("index").GetInt32().ShouldBe(i);
            item.GetProperty("object").GetString().ShouldBe("embedding");
            item.GetProperty("embedding").Numbers().ShouldBe(Expected["mean:" + texts[i]], 1e-5);
        }
    }

    [Theory]
    [InlineData("""[1,3,4,5,2]""")]
    [InlineData("""[[1,3,4,5,2]]""")]
    public async Task Token_ids_give_the_same_vector(string ids) =>
        (await VectorAsync($$"""{"model":"encoder","input":{{ids}}}""")).ShouldBe(Expected["mean:abc"], 1e-5);

    [Fact]
    public async Task Shorter_vectors_are_those_that_the_manifest_allows()
    {
        (await VectorAsync("""{"model":"encoder","input":"abc","dimensions":2}""")).ShouldBe(Expected["mean2:abc"], 1e-5);
        (await app.SendAsync("POST", Embeddings, """{"model":"encoder","input":"abc","dimensions":3}""")).ShouldBeRefused(400, "unsupported-parameter");
    }

    [Fact]
    public async Task Base64_holds_the_same_numbers()
    {
        var body = (await app.SendAsync("POST", Embeddings, """{"model":"encoder","input":"abc","encoding_format":"base64","user":"u-1"}""")).ShouldBeServed();

        var bytes = body.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(value => (double)value).ShouldBe(Expected["mean:abc"], 1e-5);
    }

    [Theory]
    [InlineData("no text", """{"model":"encoder","input":[]}""", 422)]
    [InlineData("an empty text", """{"model":"encoder","input":""}""", 422)]
    [InlineData("too many tokens", """{"model":"encoder","input":"abcdefghijklmnopqrstuvwxyz"}""", 422)]
    [InlineData("a token id that is none", """{"model":"encoder","input":[1,99,2]}""", 422)]
    [InlineData("too many token ids", """{"model":"encoder","input":[1,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,2]}""", 422)]
    [InlineData("an empty list of token ids", """{"model":"encoder","input":[[]]}""", 422)]
    [InlineData("no dimension", """{"model":"encoder","input":"abc","dimensions":0}""", 422)]
    [InlineData("another task", """{"model":"words","input":"abc"}""", 422)]
    [InlineData("a negative token id", """{"model":"encoder","input":[-1]}""", 400)]
    [InlineData("texts and token ids", """{"model":"encoder","input":["abc",1]}""", 400)]
    [InlineData("another format", """{"model":"encoder","input":"abc","encoding_format":"int8"}""", 400)]
    [InlineData("an unknown member", """{"model":"encoder","input":"abc","normalize":false}""", 400)]
    [InlineData("no input", """{"model":"encoder"}""", 400)]
    [InlineData("an unknown model", """{"model":"nobody","input":"abc"}""", 404)]
    public async Task What_cannot_be_embedded_is_refused(string what, string body, int status)
    {
        var answer = await app.SendAsync("POST", Embeddings, body);

        answer.Status.ShouldBe(status, $"{what}: {answer.Text}");
    }

    [Theory]
    [InlineData("too-many", """{"model":"encoder","input":[1,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,2]}""")]
    [InlineData("none", """{"model":"encoder","input":[[]]}""")]
    public async Task Token_ids_that_no_run_takes_cost_nothing(string which, string body)
    {
        var key = await app.App.CreateKeyAsync(principal: $"token-ids-{which}", plan: "three");
        for (var i = 0; i < 4; i++)
        {
            (await app.SendAsAsync(key, "POST", Embeddings, body)).ShouldBeRefused(422, "input-invalid");
        }

        (await app.SendAsAsync(key, "POST", Embeddings, """{"model":"encoder","input":[1,3,4,5,2]}""")).ShouldBeServed();
    }

    [Fact]
    public async Task Documents_come_in_the_order_of_an_independent_calculation()
    {
        const string Body = """{"model":"ranker","query":"ab","documents":["abc","z","hello"],"return_documents":true}""";

        var results = (await app.SendAsync("POST", "v1/rerank", Body)).ShouldBeServed().GetProperty("results").EnumerateArray().ToList();

        results.Select(result => result.GetProperty("index").GetInt32()).ShouldBe([2, 0, 1]);
        results.Select(result => result.GetProperty("document").GetProperty("text").GetString()).ShouldBe(["hello", "abc", "z"]);
        foreach (var result in results)
        {
            result.GetProperty("relevance_score").GetDouble().ShouldBe(Expected["rank:ab"][result.GetProperty("index").GetInt32()], 1e-5);
        }

        var best = (await app.SendAsync("POST", "v1/rerank", """{"model":"ranker","query":"ab","documents":["abc","z","hello"],"top_n":1}""")).ShouldBeServed().GetProperty("results");
        best.GetArrayLength().ShouldBe(1);
        best[0].TryGetProperty("document", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task As_many_documents_are_ranked_as_a_request_may_have_inputs()
    {
        var most = new TransportOptions().MaxInputs;

        (await RankAsync(most)).ShouldBeServed().GetProperty("results").GetArrayLength().ShouldBe(most);
        (await RankAsync(most + 1)).ShouldBeRefused(422, "input-invalid", "/documents");

        Task<Answer> RankAsync(int documents) =>
            app.SendAsync("POST", "v1/rerank", JsonSerializer.Serialize(new { model = "ranker", query = "ab", documents = Enumerable.Repeat("z", documents) }));
    }

    [Theory]
    [InlineData("no documents", """{"model":"ranker","query":"ab","documents":[]}""", 422)]
    [InlineData("an empty document", """{"model":"ranker","query":"ab","documents":["a",""]}""", 422)]
    [InlineData("an empty query", """{"model":"ranker","query":"","documents":["a"]}""", 422)]
    [InlineData("no best", """{"model":"ranker","query":"ab","documents":["a"],"top_n":0}""", 422)]
    [InlineData("too many tokens", """{"model":"ranker","query":"abcdefgh","documents":["abcdefgh"]}""", 422)]
    [InlineData("another task", """{"model":"encoder","query":"ab","documents":["a"]}""", 422)]
    [InlineData("no query", """{"model":"ranker","documents":["a"]}""", 400)]
    [InlineData("null documents", """{"model":"ranker","query":"ab","documents":null}""", 400)]
    [InlineData("a null document", """{"model":"ranker","query":"ab","documents":[null]}""", 400)]
    [InlineData("an unknown member", """{"model":"ranker","query":"ab","documents":["a"],"max_chunks_per_doc":1}""", 400)]
    public async Task What_cannot_be_ranked_is_refused(string what, string body, int status)
    {
        var answer = await app.SendAsync("POST", "v1/rerank", body);

        answer.Status.ShouldBe(status, $"{what}: {answer.Text}");
    }

    [Theory]
    [InlineData("""{"model":"ranker","query":"","documents":["a"]}""", "query")]
    [InlineData("""{"model":"ranker","query":"ab","documents":["a",""]}""", "documents")]
    public async Task Client_learns_which_member_of_a_ranking_is_at_fault(string body, string member) =>
        (await app.SendAsync("POST", "v1/rerank", body)).Json.GetProperty("error").GetProperty("param").GetString().ShouldBe(member);

    [Fact]
    public async Task The_openai_client_embeds_and_moderates()
    {
        var run = await NodeScript.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "Routes", "openai-texts.mjs"),
            [NodeScript.Modules, new Uri(app.App.Host.BaseAddress, "v1").AbsoluteUri, app.App.CallerKey]);

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Output.ShouldContain("default: 0.6613 -0.6631 0.1639 -0.3101");
        run.Output.ShouldContain("float: 0.6613 -0.6631 0.1639 -0.3101");
        run.Output.ShouldContain("short: 0.7061 -0.7081");
        run.Output.ShouldContain("flagged: true false");
        run.Output.ShouldContain("refused: 400 unsupported-parameter");
    }

    private async Task<double[]> VectorAsync(string body) =>
        (await app.SendAsync("POST", Embeddings, body)).ShouldBeServed().GetProperty("data")[0].GetProperty("embedding").Numbers();
}
