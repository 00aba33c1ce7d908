using System.Net.Http.Headers;

namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>Everything that must be refused, through the whole chain, each with its status, code and shape; the process goes on.</summary>
[Collection(ServedAppGroup.Name)]
public sealed class RefusalTests(ServedApp app)
{
    private const string Classify = "v1/classify";
    private const string Good = """{"model":"sms-spam","input":"hello there"}""";

    public static TheoryData<string, string, string, string?, int, string> Bodies => new()
    {
        { "no JSON", "POST", Classify, "hello", 400, "malformed-request" },
        { "an empty body", "POST", Classify, "", 400, "malformed-request" },
        { "an open object", "POST", Classify, """{"model":"sms-spam","input":"a""", 400, "malformed-request" },
        { "duplicate keys", "POST", Classify, """{"model":"sms-spam","model":"wine","input":"a"}""", 400, "malformed-request" },
        { "deep JSON", "POST", Classify, $$"""{"model":"sms-spam","input":"a","x":{{new string('[', 200)}}{{new string(']', 200)}}}""", 400, "malformed-request" },
        { "a comment", "POST", Classify, """{"model":"sms-spam",/**/"input":"a"}""", 400, "malformed-request" },
        { "a missing member", "POST", Classify, """{"model":"sms-spam"}""", 400, "malformed-request" },
        { "an unknown member", "POST", Classify, """{"model":"sms-spam","input":"a","temperature":1}""", 400, "unsupported-parameter" },
        { "no texts", "POST", Classify, """{"model":"sms-spam","input":[]}""", 422, "input-invalid" },
        { "an empty text", "POST", Classify, """{"model":"sms-spam","input":["a",""]}""", 422, "input-invalid" },
        { "too long a text", "POST", Classify, $$"""{"model":"sms-spam","input":"{{new string('a', 5000)}}"}""", 422, "input-invalid" },
        { "top_k of nothing", "POST", Classify, """{"model":"sms-spam","input":"a","top_k":0}""", 422, "input-invalid" },
        { "a model of another task", "POST", Classify, """{"model":"wine","input":"a"}""", 422, "input-invalid" },
        { "an unknown model", "POST", Classify, """{"model":"nobody","input":"a"}""", 404, "not-found" },
        { "a model name that is a path", "POST", Classify, """{"model":"../models/sms-spam","input":"a"}""", 404, "not-found" },
        { "an unknown route", "GET", "v1/nothing", null, 404, "not-found" },
        { "an unknown route by a method that nobody knows", "FROB", "v1/nothing", null, 404, "not-found" },
        { "the root", "GET", "", null, 404, "not-found" },
        { "an unknown version", "GET", "v2/models/sms-spam/versions/99", null, 404, "not-found" },
        { "a version of zero", "GET", "v2/models/sms-spam/versions/0", null, 404, "not-found" },
        { "a version with a sign", "GET", "v2/models/sms-spam/versions/+1", null, 404, "not-found" },
        { "a version with a leading zero", "GET", "v2/models/sms-spam/versions/01", null, 404, "not-found" },
        { "a version with a blank", "GET", "v2/models/sms-spam/versions/1%20", null, 404, "not-found" },
        { "a version that overflows", "GET", "v2/models/sms-spam/versions/99999999999999", null, 404, "not-found" },
        { "another method", "GET", Classify, null, 405, "method" },
        { "another method on a read-only route", "DELETE", "v1/models", null, 405, "method" },
        { "a body where none is taken", "GET", "v1/models", "{}", 400, "malformed-request" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_request_gets_its_status_and_code(string what, string method, string path, string? body, int status, string code)
    {
        var answer = await app.SendAsync(method, path, body);

        answer.Status.ShouldBe(status, $"{what}: {answer.Text}");
        answer.Code.ShouldBe(code, what);
        ShouldBeAProblem(answer);
        await ShouldStillServeAsync();
    }

    [Theory]
    [InlineData("\"\"", "/input")]
    [InlineData("[\"\"]", "/input/0")]
    [InlineData("\"LONG\"", "/input")]
    [InlineData("[\"a\",\"LONG\"]", "/input/1")]
    [InlineData("\"LONGLONGLONG\"", "/input")]
    public async Task A_fault_of_a_text_points_to_where_the_text_is(string input, string pointer)
    {
        var answer = await app.SendAsync("POST", Classify, $$"""{"model":"sms-spam","input":{{input.Replace("LONG", new string('a', 3000))}}}""");

        answer.Status.ShouldBe(422);
        answer.Json.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe(pointer);
    }

    [Theory]
    [InlineData("application/xml")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/octet-stream")]
    public async Task Another_content_type_is_415(string contentType)
    {
        var answer = await app.SendAsync("POST", Classify, Good, request => request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType));

        answer.Status.ShouldBe(415);
        answer.Code.ShouldBe("media-type");
        ShouldBeAProblem(answer);
    }

    [Fact]
    public async Task An_encoded_body_is_415()
    {
        var answer = await app.SendAsync("POST", Classify, Good, request => request.Content!.Headers.ContentEncoding.Add("gzip"));

        answer.Status.ShouldBe(415);
    }

    [Fact]
    public async Task A_body_that_is_not_UTF8_is_400()
    {
        var answer = await app.SendAsync("POST", Classify, Good, request =>
        {
            request.Content = new ByteArrayContent([.. """{"model":"sms-spam","input":"a"""u8, 0xC3, 0x28, .. "\"}"u8]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        });

        answer.Status.ShouldBe(400);
        answer.Code.ShouldBe("malformed-request");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_413_whatever_the_headers_say(bool chunked)
    {
        var body = $$"""{"model":"sms-spam","input":"{{new string('a', 1_100_000)}}"}""";

        var answer = await app.SendAsync("POST", Classify, body, request => request.Headers.TransferEncodingChunked = chunked);

        answer.Status.ShouldBe(413);
        answer.Code.ShouldBe("body-too-large");
        await ShouldStillServeAsync();
    }

    [Fact]
    public async Task An_answer_that_the_caller_cannot_read_is_406()
    {
        var answer = await app.SendAsync("POST", Classify, Good, request => request.Headers.Accept.ParseAdd("text/html"));

        answer.Status.ShouldBe(406);
        answer.Code.ShouldBe("accept");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("99999999999")]
    public async Task A_deadline_that_is_no_time_is_400(string value)
    {
        var answer = await app.SendAsync("POST", Classify, Good, request => request.Headers.Add("x-deadline-ms", value));

        answer.Code.ShouldBe("unsupported-parameter");
    }

    [Fact]
    public async Task A_refusal_repeats_nothing_of_what_was_sent()
    {
        var answer = await app.SendAsync("POST", "v1/canary-path", """{"canary-name":"canary-value"}""", request => request.Headers.Add("x-request-id", "canary id"));

        answer.Status.ShouldBe(404);
        answer.Text.ShouldNotContain("canary");
        answer.Headers.Values.ShouldAllBe(value => !value.Contains("canary"));
    }

    private async Task ShouldStillServeAsync() => (await app.SendAsync("POST", Classify, Good)).Status.ShouldBe(200);

    private static void ShouldBeAProblem(Answer answer)
    {
        var problem = answer.Json;
        problem.GetProperty("status").GetInt32().ShouldBe(answer.Status);
        problem.GetProperty("traceId").GetString()!.ShouldMatch("^[0-9a-f]{32}$");
        problem.GetProperty("instance").GetString()!.ShouldEndWith(answer.Headers["x-request-id"]);
        problem.TryGetProperty("error", out _).ShouldBeTrue();
        answer.Headers["Cache-Control"].ShouldBe("no-store");
        answer.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        answer.Headers.ShouldNotContainKey("Server");
        foreach (var leak in (string[])["   at ", "Exception", "FuncAiSecure.", ".cs:", "/src/", "System."])
        {
            answer.Text.ShouldNotContain(leak);
        }
    }
}
