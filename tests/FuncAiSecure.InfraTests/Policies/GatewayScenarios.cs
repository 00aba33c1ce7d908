using FuncAiSecure.InfraTests.Gateway;
using Newtonsoft.Json.Linq;
using static FuncAiSecure.InfraTests.Gateway.TestGateway;

namespace FuncAiSecure.InfraTests.Policies;

/// <summary>What the gateway must do, one case a method. The mutation tests run them all against damaged documents.</summary>
internal static partial class GatewayScenarios
{
    /// <summary>Every scenario by name.</summary>
    public static IReadOnlyDictionary<string, Action<TestGateway>> All { get; } = typeof(GatewayScenarios)
        .GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
        .Where(m => m.GetParameters() is [{ ParameterType: var type }] && type == typeof(TestGateway))
        .ToDictionary(m => m.Name, m => m.CreateDelegate<Action<TestGateway>>(), StringComparer.Ordinal);

    private static void A_good_key_reaches_the_app_with_the_gateways_own_proof(TestGateway gateway)
    {
        gateway.Send(Request()).Status.ShouldBe(200);
        var call = gateway.State.BackendCalls.ShouldHaveSingleItem();
        call.Backend.ShouldBe("function-app");
        call.Certificate.ShouldBe("gateway-client");
        call.Headers["x-gateway-authorization"].ShouldBe(["Bearer gateway token for 99999999-0000-0000-0000-000000000000"]);
        call.Headers["x-gateway-client-address"].ShouldBe(["10.1.2.3"]);
        call.Headers["X-Forwarded-For"].ShouldBe(["10.1.2.3"]);
        call.Headers["X-Forwarded-Proto"].ShouldBe(["https"]);
        call.Headers["x-api-key"].ShouldBe([Key]);
        call.Headers["x-request-id"].ShouldBe(["11111111-2222-3333-4444-555555555555"]);
    }

    private static void A_good_token_reaches_the_app(TestGateway gateway)
    {
        gateway.Send(Request(("x-api-key", ""), ("Authorization", "Bearer good"))).Status.ShouldBe(200);
        gateway.State.BackendCalls.Count.ShouldBe(1);
    }

    private static void A_key_as_bearer_reaches_the_app(TestGateway gateway) =>
        gateway.Send(Request(("x-api-key", ""), ("Authorization", "Bearer " + Key))).Status.ShouldBe(200);

    private static void A_key_in_the_azure_header_reaches_the_app(TestGateway gateway) =>
        gateway.Send(Request(("x-api-key", ""), ("api-key", Key))).Status.ShouldBe(200);

    private static void Health_needs_no_credential(TestGateway gateway)
    {
        var request = new GatewayRequest { Method = "GET", Path = "/v2/health/live", Operation = "healthLive", Body = null };
        gateway.Send(request).Status.ShouldBe(200);
    }

    private static void Bad_tokens_are_refused(TestGateway gateway)
    {
        gateway.State.Tokens["unsigned"] = new(Issuer, Audience, "caller", IsSigned: false);
        gateway.State.Tokens["expired"] = new(Issuer, Audience, "caller", IsExpired: true);
        gateway.State.Tokens["endless"] = new(Issuer, Audience, "caller", HasExpiry: false);
        gateway.State.Tokens["other-audience"] = new(Issuer, "api://other", "caller");
        gateway.State.Tokens["other-issuer"] = new("https://evil.example", Audience, "caller");
        foreach (var token in new[] { "unknown", "unsigned", "expired", "endless", "other-audience", "other-issuer" })
        {
            Refused(gateway, Request(("x-api-key", ""), ("Authorization", "Bearer " + token)), 401, "credential-invalid").Header("WWW-Authenticate").ShouldBe("Bearer");
        }
    }

    private static void Bad_keys_and_schemes_are_refused(TestGateway gateway)
    {
        foreach (var key in new[] { "fais_short", "sk-other", Key[..^1], Key + "x", Key + "\n", Key.Replace('A', '-') })
        {
            Refused(gateway, Request(("x-api-key", key)), 401, "credential-invalid");
        }

        Refused(gateway, Request(("x-api-key", ""), ("Authorization", "Basic dXNlcjpwYXNz")), 401, "credential-invalid");
    }

    private static void No_credential_is_refused(TestGateway gateway) => Refused(gateway, Request(("x-api-key", "")), 401, "credential-missing");

    private static void Two_credentials_are_refused(TestGateway gateway)
    {
        Refused(gateway, Request(("Authorization", "Bearer good")), 400, "several-credentials");
        Refused(gateway, Request(("api-key", Key)), 400, "several-credentials");
        var doubled = Request();
        doubled.Headers["x-api-key"] = [Key, Key];
        Refused(gateway, doubled, 400, "several-credentials");
    }

    private static void A_missing_or_wrong_subscription_is_refused(TestGateway gateway)
    {
        Refused(gateway, new GatewayRequest { Subscription = null }, 401, "credential-missing");
        Refused(gateway, new GatewayRequest { Subscription = "guessed" }, 401, "credential-invalid");
    }

    private static void A_provider_that_is_away_is_no_pass_and_no_accusation(TestGateway gateway)
    {
        gateway.State.ProviderWorks = false;
        Refused(gateway, Request(("x-api-key", ""), ("Authorization", "Bearer good")), 503, "dependency-unavailable").Header("Retry-After").ShouldBe("30");
    }

    private static void Without_its_own_token_the_gateway_does_not_call(TestGateway gateway)
    {
        gateway.State.IdentityWorks = false;
        Refused(gateway, Request(), 503, "dependency-unavailable");
    }

    private static void Problems_speak_the_callers_convention(TestGateway gateway)
    {
        var openAi = JObject.Parse(Refused(gateway, Request(("x-api-key", "")), 401, "credential-missing").Body);
        ((string?)openAi["error"]!["code"]).ShouldBe("credential-missing");
        ((string?)openAi["error"]!["type"]).ShouldBe("authentication_error");
        var request = new GatewayRequest { Path = "/v2/models/m/infer", Operation = "modelInfer" };
        var openInference = JObject.Parse(Refused(gateway, request, 401, "credential-missing").Body);
        openInference["error"]!.Type.ShouldBe(JTokenType.String);
        ((string?)openInference["instance"]).ShouldBe("urn:funcaisecure:request:11111111-2222-3333-4444-555555555555");
    }

    /// <summary>The request is refused with this code in our shape, and the app never saw it.</summary>
    private static GatewayResponse Refused(TestGateway gateway, GatewayRequest request, int status, string code)
    {
        var calls = gateway.State.BackendCalls.Count;
        var response = gateway.Send(request);
        response.Status.ShouldBe(status);
        gateway.State.BackendCalls.Count.ShouldBe(calls);
        IsProblem(response, code);
        return response;
    }

    private static void IsProblem(GatewayResponse response, string code)
    {
        response.Header("Content-Type").ShouldBe("application/problem+json");
        response.Header("Cache-Control").ShouldBe("no-store");
        response.Header("X-Content-Type-Options").ShouldBe("nosniff");
        response.Header("Strict-Transport-Security").ShouldNotBeNull();
        response.Header("x-request-id").ShouldNotBeNullOrEmpty();
        var body = JObject.Parse(response.Body);
        ((string?)body["type"]).ShouldBe("urn:funcaisecure:problem:" + code);
        ((int?)body["status"]).ShouldBe(response.Status);
    }
}
