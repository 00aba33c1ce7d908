using System.Text.Json;
using FuncAiSecure.IntegrationTests.Routes;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.OperatorPage;

/// <summary>
/// The operator page in a real browser. Browser/main.mjs goes through all scenarios in one run of Chromium and answers what became of
/// each; the screenshots lie beside the tests.
/// </summary>
[Collection(RouteAppGroup.Name)]
public sealed class ConsoleBrowserTests(RouteApp app)
{
    private static Task<Dictionary<string, string>>? _run;

    [Theory]
    [InlineData("a key that is not known is refused in words")]
    [InlineData("a key without the role is refused in words")]
    [InlineData("what is no key is not sent")]
    [InlineData("the board shows what has happened")]
    [InlineData("the key is in no storage, address or document")]
    [InlineData("signing out forgets and asks no more")]
    [InlineData("a reload forgets")]
    [InlineData("hostile names are text")]
    [InlineData("trouble is told, waited out and over")]
    [InlineData("a key that is revoked meanwhile ends the session")]
    [InlineData("a hidden or paused page asks for nothing")]
    [InlineData("a page that was out of sight while the machine slept is signed out before it asks")]
    [InlineData("waits, scales and places in time are computed as they should be")]
    [InlineData("several instances are told apart")]
    [InlineData("an instance that is held on to and keeps silent is shown as old")]
    [InlineData("an answer that comes late does not cover a newer one")]
    [InlineData("the keyboard alone is enough")]
    [InlineData("a phone needs no sideways scrolling")]
    [InlineData("light and dark are readable and accessible")]
    [InlineData("nothing broke the content policy or left for another origin")]
    public async Task In_the_browser(string scenario)
    {
        var results = await (_run ??= RunAsync(app));

        results.ShouldContainKey(scenario);
        (results[scenario] == "ok").ShouldBeTrue(results[scenario]);
    }

    private static async Task<Dictionary<string, string>> RunAsync(RouteApp app)
    {
        await MakeTrafficAsync(app);
        var input = JsonSerializer.Serialize(new
        {
            modules = NodeScript.Modules,
            origin = app.App.Client.BaseAddress!.AbsoluteUri.TrimEnd('/'),
            operatorKey = await app.App.CreateKeyAsync(principal: "console-operator", roles: ["read.usage"]),
            callerKey = app.App.CallerKey,
            screenshots = Path.Combine(AppContext.BaseDirectory, "screenshots"),
        });
        var run = await NodeScript.RunAsync(Path.Combine(AppContext.BaseDirectory, "OperatorPage", "Browser", "main.mjs"), [], input);
        run.ExitCode.ShouldBe(0, run.Errors);
        return JsonSerializer.Deserialize<Dictionary<string, string>>(run.Output)!;
    }

    private static async Task MakeTrafficAsync(RouteApp app)
    {
        var key = await app.App.CreateKeyAsync(principal: "console-caller", plan: "three");
        for (var i = 0; i < 5; i++)
        {
            await app.SendAsAsync(key, "POST", "v1/classify", """{"model":"words","input":["good","bad"]}""");
        }

        for (var i = 0; i < 20; i++)
        {
            await app.SendAsync("POST", "v1/classify", """{"model":"words","input":"good"}""");
        }

        await app.SendAsync("POST", "v1/classify", """{"model":"words","input":[]}""");
        await app.SendAsAsync(null, "POST", "v1/classify", "{}");
    }
}
