using FuncAiSecure.InfraTests.Gateway;
using static FuncAiSecure.InfraTests.Gateway.TestGateway;

namespace FuncAiSecure.InfraTests.Policies;

/// <summary>The files of the operator page: open to the private network, and to nothing else.</summary>
internal static partial class GatewayScenarios
{
    private static void The_operator_page_is_open_inside_and_takes_no_credential_along(TestGateway gateway)
    {
        string[] credentials = ["Authorization", "x-api-key", "api-key", "Cookie"];
        gateway.State.App = () => GatewayResponse.Of(200, "text/html", "page", ("Server", "Kestrel"), ("Content-Security-Policy", "default-src 'none'"), ("Set-Cookie", "a=b"));
        var answer = gateway.Send(Page([.. credentials.Select(name => (name, "carried"))]));

        answer.Status.ShouldBe(200);
        answer.Body.ShouldBe("page");
        answer.Header("Content-Security-Policy").ShouldBe("default-src 'none'");
        answer.Header("Server").ShouldBeNull();
        answer.Header("Set-Cookie").ShouldBeNull();
        var call = gateway.State.BackendCalls.ShouldHaveSingleItem();
        call.Backend.ShouldBe("console-files");
        call.Certificate.ShouldBe("gateway-client");
        call.Headers.Keys.Intersect(credentials, StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
    }

    private static void What_a_client_claims_does_not_reach_the_page_either(TestGateway gateway)
    {
        gateway.Send(Page([.. Claims.Where(name => name != "X-Azure-FDID").Select(name => (name, "claimed"))])).Status.ShouldBe(200);
        gateway.State.BackendCalls.ShouldHaveSingleItem().Headers.Where(header => header.Value.Contains("claimed")).ShouldBeEmpty();
        Refused(gateway, Page([("x-gateway-role", "admin")]), 400, "malformed-request");
    }

    private static void The_operator_page_does_not_exist_for_the_internet(TestGateway gateway)
    {
        (string, string)[] fromInternet = [("X-Azure-FDID", FrontDoorId), ("X-Azure-SocketIP", "203.0.113.9")];
        Refused(gateway, Page(fromInternet), 404, "not-found");
        Refused(gateway, Page(fromInternet, "/console/main.js"), 404, "not-found");
    }

    private static void An_address_asks_for_files_of_the_page_at_a_bounded_rate(TestGateway gateway)
    {
        for (var i = 0; i < 300; i++)
        {
            gateway.Send(Page([])).Status.ShouldBe(200);
        }

        Refused(gateway, Page([]), 429, "rate-limited").Header("Retry-After").ShouldBe("17");
        gateway.Send(Page([], peer: "10.1.2.4")).Status.ShouldBe(200);
        gateway.Send(Request()).Status.ShouldBe(200);
    }

    private static void What_fails_behind_the_page_reads_like_a_problem(TestGateway gateway)
    {
        gateway.State.App = () => GatewayResponse.Of(404, "text/html", "<h1>");
        IsProblem(gateway.Send(Page([])), "not-found");
        gateway.State.App = () => throw new PolicyFailureException("forward-request", "Timeout");
        IsProblem(gateway.Send(Page([])), "deadline-exceeded");
    }

    // Without a subscription: a browser has none when it opens a page.
    private static GatewayRequest Page((string Name, string Value)[] headers, string path = "/console", string peer = "10.1.2.3")
    {
        var request = new GatewayRequest
        {
            Method = "GET", Path = path, Operation = path is "/console" ? "consolePage" : "consolePart", Peer = peer, Body = null, Subscription = null,
        };
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = [value];
        }

        return request;
    }
}
