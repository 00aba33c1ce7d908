using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FuncAiSecure.InfraTests.Gateway;
using static FuncAiSecure.InfraTests.Gateway.TestGateway;

namespace FuncAiSecure.InfraTests.Policies;

/// <summary>What a client claims about itself, its connection and the platform.</summary>
internal static partial class GatewayScenarios
{
    private static readonly string[] Claims =
    [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Scheme",
        "X-Forwarded-Server", "X-Forwarded-TlsVersion", "X-Forwarded-Path", "X-Original-For", "X-Original-Host", "X-Original-Proto", "X-Original-URL",
        "X-Rewrite-URL", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "Client-IP",
        "True-Client-IP", "CF-Connecting-IP", "Via", "X-Azure-FDID", "X-Azure-ClientIP", "X-Azure-SocketIP", "X-Azure-Ref", "X-Azure-RequestChain",
        "X-FD-HealthProbe", "X-ARR-ClientCert", "X-ARR-SSL", "X-ARR-LOG-ID", "X-Client-Cert", "X-SSL-Client-Cert", "X-Forwarded-Client-Cert", "X-SSL-Cert",
        "SSL-Client-Cert", "X-MS-CLIENT-PRINCIPAL", "X-MS-CLIENT-PRINCIPAL-ID", "X-MS-CLIENT-PRINCIPAL-NAME", "X-MS-CLIENT-PRINCIPAL-IDP",
        "X-MS-TOKEN-AAD-ACCESS-TOKEN", "X-MS-TOKEN-AAD-ID-TOKEN", "X-MS-TOKEN-AAD-REFRESH-TOKEN", "X-MS-TOKEN-AAD-EXPIRES-ON", "X-ZUMO-AUTH",
        "x-ms-invocation-id", "x-functions-key", "x-functions-clientid", "Ocp-Apim-Subscription-Key", "Ocp-Apim-Trace", "WAS-DEFAULT-HOSTNAME",
        "DISGUISED-HOST", "X-SITE-DEPLOYMENT-ID", "X-WAWS-Unencoded-URL", "x-gateway-authorization", "x-gateway-client-address", "x-gateway-client-certificate",
    ];

    private static void No_claim_of_the_client_reaches_the_app(TestGateway gateway)
    {
        // Only our Front Door's own identifier comes past the door at all.
        gateway.Send(Request([.. Claims.Select(name => (name, name == "X-Azure-FDID" ? FrontDoorId : name == "X-Azure-SocketIP" ? "203.0.113.9" : "claimed"))]))
            .Status.ShouldBe(200);
        var call = gateway.State.BackendCalls.ShouldHaveSingleItem();
        call.Headers.Where(header => header.Value.Contains("claimed")).Select(header => header.Key).ShouldBeEmpty();
        call.Headers.Keys.ShouldNotContain("X-Azure-FDID", StringComparer.OrdinalIgnoreCase);
        call.Headers.Keys.ShouldNotContain("X-Azure-SocketIP", StringComparer.OrdinalIgnoreCase);
        call.Headers.Keys.ShouldNotContain("Ocp-Apim-Subscription-Key", StringComparer.OrdinalIgnoreCase);
    }

    private static void A_claim_of_a_known_family_under_a_new_name_is_refused(TestGateway gateway)
    {
        foreach (var name in new[] { "X-Forwarded-Whatever", "X-ARR-New", "X-Original-New", "x-gateway-role", "X-Azure-New", "X-MS-CLIENT-PRINCIPAL-ROLES", "X-MS-TOKEN-GOOGLE", "X-FUNCTIONS-NEW" })
        {
            Refused(gateway, Request((name, "claimed")), 400, "malformed-request");
        }
    }

    private static void Keys_in_the_query_do_not_reach_the_app(TestGateway gateway)
    {
        var request = Request();
        request.Query["code"] = "function-key";
        request.Query["subscription-key"] = "subscription-1";
        request.Query["top"] = "3";
        gateway.Send(request).Status.ShouldBe(200);
        gateway.State.BackendCalls.ShouldHaveSingleItem().Query.Keys.ShouldBe(["top"]);
    }

    private static void The_address_through_our_front_door_is_what_front_door_saw(TestGateway gateway)
    {
        gateway.Send(Request(("X-Azure-FDID", FrontDoorId), ("X-Azure-SocketIP", "203.0.113.9"), ("X-Forwarded-For", "192.0.2.1"))).Status.ShouldBe(200);
        gateway.State.BackendCalls[0].Headers["x-gateway-client-address"].ShouldBe(["203.0.113.9"]);
    }

    private static void Whoever_comes_through_another_front_door_is_not_taken_for_the_inside(TestGateway gateway)
    {
        foreach (var id in new[] { "11111111-0000-0000-0000-000000000000", "none", $"{FrontDoorId},{FrontDoorId}" })
        {
            Refused(gateway, Request(("X-Azure-FDID", id), ("X-Azure-SocketIP", "203.0.113.9")), 403, "network-not-allowed");
        }
    }

    private static void An_address_that_is_none_is_refused(TestGateway gateway)
    {
        Refused(gateway, Request(("X-Azure-FDID", FrontDoorId), ("X-Azure-SocketIP", "203.0.113.9, 10.0.0.1")), 400, "malformed-request");
        Refused(gateway, Request(("X-Azure-FDID", FrontDoorId)), 400, "malformed-request");
    }

    private static void Management_does_not_exist_for_the_internet(TestGateway gateway)
    {
        var inside = new GatewayRequest { Path = "/manage/keys", Operation = "createKey" };
        inside.Headers["Content-Type"] = ["application/json"];
        inside.Headers["x-api-key"] = [Key];
        gateway.State.App = () => GatewayResponse.Of(404, "text/html", "", ("Server", "Kestrel"));
        var answer = gateway.Send(inside);
        IsProblem(answer, "not-found");
        answer.Header("Server").ShouldBeNull();
        gateway.State.App = () => throw new PolicyFailureException("forward-request", "Timeout");
        IsProblem(gateway.Send(inside), "deadline-exceeded");
        gateway.State.BackendCalls.Count.ShouldBe(2);
        inside.Headers["X-Azure-FDID"] = [FrontDoorId];
        inside.Headers["X-Azure-SocketIP"] = ["203.0.113.9"];
        Refused(gateway, inside, 404, "not-found");
    }

    private static void A_request_id_is_taken_over_only_when_harmless(TestGateway gateway)
    {
        gateway.Send(Request(("x-request-id", "order-17.a_b")));
        gateway.Send(Request(("x-request-id", "a\nb")));
        gateway.Send(Request(("x-request-id", "order\n")));
        gateway.Send(Request(("x-request-id", new string('a', 65))));
        gateway.State.BackendCalls.Select(call => call.Headers["x-request-id"][0])
            .ShouldBe(["order-17.a_b", "11111111-2222-3333-4444-555555555555", "11111111-2222-3333-4444-555555555555", "11111111-2222-3333-4444-555555555555"]);
    }

    private static void A_trace_context_of_another_form_is_dropped(TestGateway gateway)
    {
        const string Good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        gateway.Send(Request(("traceparent", Good), ("tracestate", "a=b")));
        gateway.Send(Request(("traceparent", "00-x"), ("tracestate", "a=b"), ("baggage", "c=d")));
        gateway.State.BackendCalls[0].Headers["traceparent"].ShouldBe([Good]);
        gateway.State.BackendCalls[1].Headers.Keys.ShouldNotContain("traceparent");
        gateway.State.BackendCalls[1].Headers.Keys.ShouldNotContain("tracestate");
        gateway.State.BackendCalls[1].Headers.Keys.ShouldNotContain("baggage");
    }

    private static void A_request_that_lies_about_itself_goes_no_further_than_that(TestGateway gateway)
    {
        Refused(gateway, Request(("x-gateway-role", "admin"), ("x-api-key", "")), 400, "malformed-request");
        Refused(gateway, Request(("X-Azure-FDID", FrontDoorId), ("x-api-key", "")), 400, "malformed-request");
        gateway.State.Counters.Keys.ShouldNotContain(name => name.StartsWith("key ", StringComparison.Ordinal));
    }

    private static void A_certificate_travels_in_the_gateways_header_and_counts_as_a_credential(TestGateway gateway)
    {
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=caller", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var headers = Request(("x-api-key", ""), ("x-gateway-client-certificate", "forged")).Headers;
        gateway.Send(new GatewayRequest { Certificate = certificate, Headers = headers }).Status.ShouldBe(200);
        gateway.State.BackendCalls[0].Headers["x-gateway-client-certificate"].ShouldBe([Convert.ToBase64String(certificate.RawData)]);
        gateway.State.Counters.Keys.ShouldContain(name => name.StartsWith("key certificate:", StringComparison.Ordinal));
        Refused(gateway, new GatewayRequest { Certificate = certificate, Headers = Request().Headers }, 400, "several-credentials");
    }
}
