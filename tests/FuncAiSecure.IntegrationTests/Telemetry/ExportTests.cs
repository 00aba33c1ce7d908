using System.Text;
using System.Text.RegularExpressions;
using FuncAiSecure.Core;
using FuncAiSecure.Http;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.Telemetry;

/// <summary>
/// What a collector receives: names, units and attributes as the page says, few series, and nothing that a caller wrote. Runs alone:
/// the export hears the instruments of every app in the process.
/// </summary>
[Collection(AloneGroup.Name)]
public sealed partial class ExportTests(ExportedRun run) : IClassFixture<ExportedRun>
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "_OTHER"];

    // A caller needs days of a past before a signal can be raised about it; that the page has the instrument is a test of its own.
    private const string Signals = "funcaisecure.behaviour.signals";

    // Of the plan that the app's own probe is held to.
    private const string BuiltInPolicy = "nothing";

    private static readonly string[] Codes = [.. Enum.GetValues<RefusalCode>().Select(code => RefusalMapping.Of(code).Code)];

    [Fact]
    public void Metrics_are_those_of_the_page_with_their_units_and_attributes()
    {
        var sent =
            from point in Own()
            group point by (point.Name, point.Unit) into metric
            select (metric.Key.Name, metric.Key.Unit, string.Join(", ", metric.SelectMany(point => point.Attributes.Keys).Distinct().Order(StringComparer.Ordinal)));
        var documented =
            from row in Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md")))
            where row.Groups[1].Value != Signals
            let attributes = Code().Matches(row.Groups[3].Value).Select(code => code.Groups[1].Value).Order(StringComparer.Ordinal)
            select (row.Groups[1].Value, row.Groups[2].Value, string.Join(", ", attributes));

        sent.ShouldBe(documented, ignoreOrder: true);
    }

    [Fact]
    public void Attribute_values_come_from_tables_of_ours()
    {
        string[] routes = [.. Endpoints.All.Select(endpoint => endpoint.Route)];
        foreach (var (name, value) in Own().SelectMany(point => point.Attributes))
        {
            string[]? allowed = name switch
            {
                "http.route" => routes,
                "http.request.method" => Methods,
                "funcaisecure.code" or "error.type" => Codes,
                "gen_ai.request.model" => ["sms-spam", "wine", "guarded", "banking77", "prompt-guard"],
                "gen_ai.provider.name" => ["funcaisecure"],
                "funcaisecure.credential" => ["api_key", "token"],
                "funcaisecure.cache" => ["hit", "miss", "refused"],
                "policy" => ["minute", "month", BuiltInPolicy],
                _ => null,
            };
            allowed?.ShouldContain(value, name);
        }

        Own().Select(point => point.Attributes.GetValueOrDefault("http.route")).ShouldContain(UnmatchedRoute());
    }

    [Fact]
    public void Many_names_by_callers_make_no_series_of_their_own()
    {
        foreach (var metric in Own().GroupBy(point => point.Name))
        {
            metric.Select(point => point.Series).Distinct().Count().ShouldBeLessThan(100, metric.Key);
        }

        // Twelve methods, each of them unheard of, are one value.
        Own().Where(point => point.Name == "http.server.active_requests" && point.Attributes["http.request.method"] == "_OTHER")
            .Select(point => point.Series).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Numbers_are_those_of_the_traffic()
    {
        Last("funcaisecure.guard.verdicts", "funcaisecure.guard.rule", "pii.email").ShouldBeGreaterThanOrEqualTo(1);
        Last("gen_ai.server.request.duration", "gen_ai.request.model", "sms-spam").ShouldBeGreaterThanOrEqualTo(4);
        Last("funcaisecure.refusals", "funcaisecure.code", "credential-invalid").ShouldBeGreaterThanOrEqualTo(1);
        Last("funcaisecure.model.memory", "gen_ai.request.model", "sms-spam").ShouldBeGreaterThan(100_000);
        Last("funcaisecure.identity.vault_calls", "outcome", "answered").ShouldBeGreaterThanOrEqualTo(2);
        Last("funcaisecure.inference.batch.size", "gen_ai.request.model", "guarded").ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public void The_trace_goes_on_from_the_caller_without_its_free_text()
    {
        var span = run.Receiver.Spans().Single(span => span.TraceId == ExportedRun.TraceId);

        span.ParentId.ShouldBe(ExportedRun.ParentId);
        span.TraceState.ShouldBeEmpty();
        span.Source.ShouldBe("FuncAiSecure");
        span.Name.ShouldBe("POST /v1/classify");
        span.Kind.ShouldBe(2, "a server's span");
        span.Attributes["http.request.method"].ShouldBe("POST");
        span.Attributes["http.route"].ShouldBe("v1/classify");
        span.Attributes["http.response.status_code"].ShouldBe("200");
        span.Attributes["gen_ai.request.model"].ShouldBe("sms-spam");
    }

    [Fact]
    public void A_refused_request_has_a_span_with_its_code() =>
        run.Receiver.Spans().ShouldContain(span =>
            span.Attributes["http.response.status_code"] == "429" && span.Attributes["error.type"] == "quota-exceeded");

    [Fact]
    public void Nothing_that_a_caller_wrote_is_sent()
    {
        run.Receiver.Paths.Order().ShouldBe(["/v1/metrics", "/v1/traces"]);
        foreach (var body in run.Receiver.Paths.SelectMany(run.Receiver.Bodies))
        {
            body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(ExportedRun.CallerText)).ShouldBe(-1);
        }
    }

    private static string UnmatchedRoute() => Endpoints.All[^1].Route;

    // The runtime's own meter is not ours to describe.
    private List<OtlpPoint> Own() => [.. run.Receiver.Points().Where(point => point.Meter.StartsWith("FuncAiSecure", StringComparison.Ordinal))];

    private double Last(string name, string attribute, string value) =>
        Own().Last(point => point.Name == name && point.Attributes.GetValueOrDefault(attribute) == value).Value;

    [GeneratedRegex(@"^\| `([a-z_0-9.]+)` \| `([^`]+)` \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneGroup
{
    public const string Name = "alone";
}
