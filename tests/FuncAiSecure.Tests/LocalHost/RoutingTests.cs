using FuncAiSecure.LocalHost;

namespace FuncAiSecure.Tests.LocalHost;

public class RoutingTests
{
    public static TheoryData<string, string, string, int, string> Requests => new()
    {
        { "The first function by name wins over a more exact route", "GET", "models/special", 200, "parameter special" },
        { "A later route serves the methods that an earlier one does not take", "POST", "models/special", 200, "literal" },
        { "A wrong method is 404, not 405", "POST", "models/other", 404, "" },
        { "HEAD is not implied by GET", "HEAD", "models/other", 404, "" },
        { "Literals ignore case", "GET", "MODELS/x", 200, "parameter x" },
        { "A trailing slash is tolerated", "GET", "models/x/", 200, "parameter x" },
        { "An empty segment is no parameter", "GET", "models//", 404, "" },
        { "A longer path does not match", "GET", "models/x/y", 404, "" },
        { "A shorter path does not match", "GET", "models", 404, "" },
        { "An escaped character is decoded", "GET", "models/a%20b", 200, "parameter a b" },
        { "An escaped slash stays in its segment", "GET", "models/a%2Fb", 200, "parameter a%2Fb" },
        { "An optional parameter may be missing", "GET", "optional/1", 200, "optional 1 none" },
        { "An optional parameter may be there", "GET", "optional/1/2", 200, "optional 1 2" },
        { "A parameter before an optional one may not be missing", "GET", "optional", 404, "" },
        { "A constraint that holds matches", "GET", "items/41", 200, "int 42" },
        { "A constraint that fails lets the next route try", "GET", "items/abc", 200, "alpha abc" },
        { "A path that meets no constraint is 404", "GET", "items/4x", 404, "" },
        { "A number past the constraint's type is 404", "GET", "items/99999999999", 404, "" },
        { "A catch-all takes the rest", "GET", "files/a/b/c", 200, "rest a/b/c" },
        { "A catch-all takes nothing too", "GET", "files", 200, "rest " },
        { "A default fills in", "GET", "sized", 200, "size 10" },
        { "A default gives way", "GET", "sized/7", 200, "size 7" },
        { "Without route the function's name is the route", "POST", "named", 200, "named" },
        { "An unknown path is 404", "GET", "nowhere", 404, "" },
        { "The platform's admin paths do not exist", "POST", "admin/functions/Named", 404, "" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_reaches_the_function_that_the_official_host_would_choose(
        string because, string method, string path, int status, string body)
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Routes)]);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));

        using var response = await host.Client.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(status, because);
        (await response.Content.ReadAsStringAsync()).ShouldBe(body, because);
        response.Headers.Server.ShouldBeEmpty();
    }

    [Fact]
    public async Task Catch_all_function_answers_what_nothing_else_matches()
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Routes), typeof(SampleFunctions.Fallback)]);

        (await host.GetAsync("/nowhere/at/all")).ShouldBe((200, "fallback"));
        (await host.GetAsync("/")).ShouldBe((200, "fallback"));
        (await host.GetAsync("/items/41")).ShouldBe((200, "int 42"));
    }

    [Fact]
    public async Task Route_prefix_comes_before_every_route()
    {
        await using var host = await RunningHost.StartAsync([typeof(SampleFunctions.Routes)], host: RunningHost.NoPrefix with { RoutePrefix = "api" });

        (await host.GetAsync("/api/items/41")).ShouldBe((200, "int 42"));
        (await host.GetAsync("/items/41")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData("false", 200)]
    [InlineData("true", 204)]
    public async Task Home_page_can_be_disabled(string? disabled, int status)
    {
        await using var host = await RunningHost.StartAsync(
            [typeof(SampleFunctions.Routes)], settings: new() { ["AzureWebJobsDisableHomepage"] = disabled });

        (await host.GetAsync("/")).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Disabled_function_is_404()
    {
        await using var host = await RunningHost.StartAsync(
            [typeof(SampleFunctions.Routes)], settings: new() { ["AzureWebJobs.DConstraint.Disabled"] = "true" });

        (await host.GetAsync("/items/41")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Routes_are_listed_by_name_ignoring_case()
    {
        await using var host = RunningHost.Create([typeof(SampleFunctions.Routes)]);

        host.Routes.First().ShouldBe(("aParameter", "models/{name}"));
        host.Routes.Select(r => r.Name).ShouldBeInOrder(SortDirection.Ascending, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Several_hosts_live_in_one_process()
    {
        await using var one = await RunningHost.StartAsync([typeof(SampleFunctions.Routes)]);
        await using var two = await RunningHost.StartAsync([typeof(SampleFunctions.Fallback)]);

        (await one.GetAsync("/models/x")).Body.ShouldBe("parameter x");
        (await two.GetAsync("/models/x")).Body.ShouldBe("fallback");
    }
}
