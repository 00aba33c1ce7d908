using FuncAiSecure.InfraTests.Gateway;
using static FuncAiSecure.InfraTests.Gateway.TestGateway;

namespace FuncAiSecure.InfraTests.Policies;

/// <summary>Amounts, sizes, and what comes back.</summary>
internal static partial class GatewayScenarios
{
    private static void A_credential_over_its_rate_is_refused_and_others_are_not(TestGateway gateway)
    {
        for (var i = 0; i < 40; i++)
        {
            gateway.Send(Request()).Status.ShouldBe(200);
        }

        Refused(gateway, Request(), 429, "rate-limited").Header("Retry-After").ShouldBe("17");
        gateway.Send(Request(("x-api-key", ""), ("Authorization", "Bearer good"))).Status.ShouldBe(200);
        gateway.Send(Request(("x-api-key", Key.Replace("abcd", "dcba", StringComparison.Ordinal)))).Status.ShouldBe(200);
    }

    private static void No_counter_is_named_after_a_credential(TestGateway gateway)
    {
        gateway.Send(Request());
        gateway.Send(Request(("x-api-key", ""), ("Authorization", "Bearer good")));
        gateway.State.Counters.Keys.ShouldNotContain(name => name.Contains("fais_", StringComparison.Ordinal) || name.Contains("caller", StringComparison.Ordinal));
        gateway.State.Counters.Keys.Count(name => name.StartsWith("key key:", StringComparison.Ordinal)).ShouldBe(1);
        gateway.State.Counters.Keys.Count(name => name.StartsWith("key token:", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static void An_address_that_guesses_is_stopped(TestGateway gateway)
    {
        for (var i = 0; i < 60; i++)
        {
            Refused(gateway, Request(("x-api-key", "guess")), 401, "credential-invalid");
            gateway.State.Counters.Remove("rate subscription-1");
        }

        Refused(gateway, Request(("x-api-key", "guess")), 429, "rate-limited");
    }

    private static void A_subscription_over_its_plan_is_refused(TestGateway gateway)
    {
        gateway.State.Counters["rate subscription-1"] = 60;
        Refused(gateway, Request(), 429, "rate-limited");
        gateway.State.Counters["rate subscription-1"] = 0;
        gateway.State.Counters["quota subscription-1"] = 1000;
        Refused(gateway, Request(), 429, "quota-exceeded").Header("Retry-After").ShouldNotBeNull();
    }

    private static void Bodies_that_do_not_fit_are_refused(TestGateway gateway)
    {
        Refused(gateway, Request(("Content-Length", "1048577")), 413, "body-too-large");
        Refused(gateway, Request(("Content-Length", "-1")), 400, "malformed-request");
        Refused(gateway, Request(("Content-Length", "99999999999999999999")), 400, "malformed-request");
        Refused(gateway, Request(("Content-Encoding", "gzip")), 415, "media-type");
        Refused(gateway, Request(("Content-Type", "text/xml")), 415, "media-type");
        Refused(gateway, Request(("Content-Type", "application/octet-stream"), ("Content-Length", "10")), 415, "media-type");
        var large = Request();
        Refused(gateway, new GatewayRequest { Headers = large.Headers, Body = new string('1', 1048577) }, 413, "body-too-large");
        Refused(gateway, new GatewayRequest { Headers = large.Headers, Body = "{" }, 422, "input-invalid");
    }

    private static void Tensors_are_taken_where_an_operation_takes_them(TestGateway gateway)
    {
        var request = new GatewayRequest { Path = "/v2/models/m/infer", Operation = "modelInfer", Body = "\u0001\u0002" };
        request.Headers["x-api-key"] = [Key];
        request.Headers["Content-Type"] = ["application/octet-stream"];
        Refused(gateway, request, 400, "malformed-request");
        request.Headers["Content-Length"] = ["2"];
        gateway.Send(request).Status.ShouldBe(200);
    }

    private static void Bodies_without_a_type_are_what_their_header_says(TestGateway gateway)
    {
        var request = new GatewayRequest { Path = "/v2/models/m/infer", Operation = "modelInfer", Body = "{" };
        request.Headers["x-api-key"] = [Key];
        request.Headers["Content-Length"] = ["1"];
        Refused(gateway, request, 422, "input-invalid");
        request.Headers["Inference-Header-Content-Length"] = ["1"];
        gateway.Send(request).Status.ShouldBe(200);
    }

    private static void The_apps_own_refusal_passes_unchanged_and_once(TestGateway gateway)
    {
        gateway.State.App = () => GatewayResponse.Of(503, "application/problem+json", """{"type":"urn:funcaisecure:problem:model-not-ready"}""", ("Retry-After", "5"));
        var response = gateway.Send(Request());
        response.Status.ShouldBe(503);
        response.Body.ShouldContain("model-not-ready");
        response.Header("Retry-After").ShouldBe("5");
        gateway.State.BackendCalls.Count.ShouldBe(1);
    }

    private static void What_is_not_the_apps_is_put_into_its_shape(TestGateway gateway)
    {
        foreach (var (status, expected, code) in new[] { (404, 404, "not-found"), (500, 500, "internal-error"), (504, 504, "deadline-exceeded"), (403, 503, "dependency-unavailable"), (401, 503, "dependency-unavailable") })
        {
            gateway.State.App = () => GatewayResponse.Of(status, "text/html", "<h1>Server Error in IIS at C:\\home</h1>");
            var response = gateway.Send(Request());
            response.Status.ShouldBe(expected);
            IsProblem(response, code);
            response.Body.ShouldNotContain("IIS");
        }
    }

    private static void What_an_operator_does_is_not_repeated(TestGateway gateway)
    {
        var headers = new Dictionary<string, string[]>(Request().Headers, StringComparer.OrdinalIgnoreCase);
        gateway.State.App = () => GatewayResponse.Of(502, "text/html", "");
        foreach (var (path, operation) in new[] { ("/manage/models/m/rollback", "manageModelRollback"), ("/Manage/keys", "keys_post") })
        {
            gateway.State.BackendCalls.Clear();
            IsProblem(gateway.Send(new GatewayRequest { Path = path, Operation = operation, Headers = headers }), "dependency-unavailable");
            gateway.State.BackendCalls.Count.ShouldBe(1, path);
        }

        gateway.State.BackendCalls.Clear();
        gateway.Send(new GatewayRequest { Method = "GET", Path = "/manage/keys", Operation = "keys_get", Body = null, Headers = headers });
        gateway.State.BackendCalls.Count.ShouldBe(2);
    }

    private static void A_call_that_never_arrived_is_made_once_more(TestGateway gateway)
    {
        var answers = new Queue<GatewayResponse>([GatewayResponse.Of(502, "text/html", ""), GatewayResponse.Of(200)]);
        gateway.State.App = answers.Dequeue;
        gateway.Send(Request()).Status.ShouldBe(200);
        gateway.State.BackendCalls.Count.ShouldBe(2);
        gateway.State.App = () => GatewayResponse.Of(503, "text/html", "");
        gateway.Send(Request()).Status.ShouldBe(503);
        gateway.State.BackendCalls.Count.ShouldBe(4);
    }

    private static void A_broken_connection_is_a_problem_too(TestGateway gateway)
    {
        gateway.State.App = () => throw new PolicyFailureException("forward-request", "BackendConnectionFailure");
        var response = gateway.Send(Request());
        response.Status.ShouldBe(503);
        IsProblem(response, "dependency-unavailable");
        gateway.State.App = () => throw new PolicyFailureException("forward-request", "Timeout");
        gateway.Send(Request()).Status.ShouldBe(504);
    }

    private static void Answers_do_not_name_what_runs_behind(TestGateway gateway)
    {
        string[] names = ["Server", "X-Powered-By", "X-AspNet-Version", "x-ms-invocation-id", "X-FUNCTION-SCALEOUT", "Request-Context", "Set-Cookie"];
        gateway.State.App = () => GatewayResponse.Of(200, headers: [.. names.Select(name => (name, "Kestrel"))]);
        var response = gateway.Send(Request());
        response.Headers.Keys.ShouldNotContain(name => names.Contains(name));
        response.Header("X-Content-Type-Options").ShouldBe("nosniff");
        response.Header("Cache-Control").ShouldBe("no-store");
        response.Header("Strict-Transport-Security").ShouldBe("max-age=31536000; includeSubDomains");
    }
}
