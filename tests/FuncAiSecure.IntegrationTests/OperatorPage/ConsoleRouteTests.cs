using System.Net.Http.Headers;
using FuncAiSecure.Http;
using FuncAiSecure.IntegrationTests.Chain;
using FuncAiSecure.IntegrationTests.Routes;

namespace FuncAiSecure.IntegrationTests.OperatorPage;

/// <summary><c>/console</c>: files without data, for anyone, and nothing beside them.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class ConsoleRouteTests(RouteApp app)
{
    public static TheoryData<string> Files => [.. ConsoleFiles.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_is_served_with_headers_that_allow_nothing_else(string file)
    {
        var answer = await GetAsync("console/" + file);

        answer.Status.ShouldBe(200);
        ShouldBeGuarded(answer);
        answer.Headers["Content-Type"].ShouldBe(Path.GetExtension(file) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        });
    }

    [Theory]
    [InlineData("console")]
    [InlineData("console/")]
    public async Task The_page_is_served_to_a_browser_that_asks_for_html(string path)
    {
        var answer = await GetAsync(path, request => request.Headers.Accept.ParseAdd("text/html"));

        answer.Status.ShouldBe(200);
        ShouldBeGuarded(answer);
        answer.Text.ShouldStartWith("<!doctype html>");
        answer.Text.ShouldNotContain("style=");
        answer.Text.ShouldNotMatch("<script(?![^>]*src=)");
        answer.Text.ShouldNotMatch(@"\son[a-z]+=");
        answer.Text.ShouldNotMatch("(src|href)=\"(https?:|//)");
    }

    [Fact]
    public async Task A_file_that_the_browser_has_is_not_sent_again()
    {
        var tag = (await GetAsync("console/main.js")).Headers["ETag"];

        var same = await GetAsync("console/main.js", request => request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(tag)));
        same.Status.ShouldBe(304);
        same.Bytes.ShouldBeEmpty();
        same.Headers["ETag"].ShouldBe(tag);
        ShouldBeGuarded(same);

        (await GetAsync("console/main.js", request => request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse("\"other\"")))).Status.ShouldBe(200);
        (await GetAsync("console/console.css", request => request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(tag)))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("console/nothing.js")]
    [InlineData("console/MAIN.JS")]
    [InlineData("console/main")]
    [InlineData("console/main.js.map")]
    [InlineData("console/%2e%2e")]
    [InlineData("console/..%2findex.html")]
    [InlineData("console/..%2f..%2fhost.json")]
    [InlineData("console/%2fetc%2fpasswd")]
    [InlineData("console/..%5cindex.html")]
    [InlineData("console/main.js%00")]
    [InlineData("console/main.js%20")]
    [InlineData("console/console/main.js")]
    [InlineData("console/sub/main.js")]
    [InlineData("console//main.js")]
    [InlineData("console;a=1/main.js")]
    [InlineData("consoles")]
    [InlineData("manage/console")]
    public async Task Whatever_else_is_asked_for_is_not_there(string path)
    {
        var answer = await GetAsync(path);

        (answer.Status is 400 or 404).ShouldBeTrue($"{answer.Status} {answer.Text}");
        answer.Text.ShouldNotContain("main.js");
        answer.Text.ShouldNotContain("import");
        answer.Headers.GetValueOrDefault("Cache-Control", "no-store").ShouldBe("no-store");
    }

    [Theory]
    [InlineData("POST", "console")]
    [InlineData("PUT", "console/main.js")]
    [InlineData("DELETE", "console/main.js")]
    [InlineData("OPTIONS", "console")]
    public async Task Nothing_but_reading_is_answered(string method, string path) =>
        (await app.SendAsAsync(null, method, path)).ShouldBeRefused(405, "method");

    [Fact]
    public async Task A_body_is_refused() => (await app.SendAsAsync(null, "GET", "console", "{}")).ShouldBeRefused(400, "malformed-request");

    [Fact]
    public async Task A_deployment_without_the_page_has_no_part_of_it()
    {
        using var client = new HttpClient { BaseAddress = await app.App.StartInstanceAsync(new Dictionary<string, string?> { ["FuncAiSecure:Transport:ServeConsole"] = "false" }) };

        (await ServedApp.SendAsync(client, null, "GET", "console")).ShouldBeRefused(404, "not-found");
        (await ServedApp.SendAsync(client, null, "GET", "console/main.js")).ShouldBeRefused(404, "not-found");
    }

    private Task<Answer> GetAsync(string path, Action<HttpRequestMessage>? shape = null) =>
        ServedApp.SendAsync(app.App.Client, null, "GET", path, null, request =>
        {
            // As it stands: the client would tidy the path.
            request.RequestUri = new Uri(app.App.Client.BaseAddress! + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            shape?.Invoke(request);
        });

    private static void ShouldBeGuarded(Answer answer)
    {
        var policy = answer.Headers["Content-Security-Policy"].Split("; ");
        policy.ShouldBe(
            [
                "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'", "base-uri 'none'",
                "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
            ],
            ignoreOrder: true);
        answer.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        answer.Headers["Referrer-Policy"].ShouldBe("no-referrer");
        answer.Headers["Cross-Origin-Opener-Policy"].ShouldBe("same-origin");
        answer.Headers["Cross-Origin-Resource-Policy"].ShouldBe("same-origin");
        answer.Headers["Cache-Control"].ShouldBe("no-cache");
        answer.Headers.ShouldNotContainKey("Set-Cookie");
        answer.Headers.ShouldNotContainKey("Access-Control-Allow-Origin");
    }
}
