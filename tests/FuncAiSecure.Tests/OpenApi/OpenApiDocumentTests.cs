using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Functions;
using FuncAiSecure.Http;
using FuncAiSecure.OpenApi;
using FuncAiSecure.Protocols;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Tests.OpenApi;

public class OpenApiDocumentTests
{
    [Fact]
    public void Every_route_and_method_of_the_table_is_in_the_document()
    {
        var paths = (JsonObject)Document(new TransportOptions())["paths"]!;

        var written = paths.SelectMany(path => ((JsonObject)path.Value!).Select(method => method.Key.ToUpperInvariant() + " " + path.Key));
        var served = Endpoints.All.Where(endpoint => !endpoint.IsPage && !endpoint.Route.Contains('*'))
            .SelectMany(endpoint => endpoint.Methods.Select(method => method + " /" + Regex.Replace(endpoint.Route, @":[^{}]+\}", "}")));

        written.ShouldBe(served, ignoreOrder: true);
    }

    [Fact]
    public void Bounds_are_those_that_the_readers_keep_to()
    {
        var schemas = Document(new TransportOptions { MaxInputs = 7, MaxTextChars = 99 })["components"]!["schemas"]!;

        ((int)schemas["Texts"]!["oneOf"]![1]!["maxItems"]!).ShouldBe(7);
        ((int)schemas["RerankRequest"]!["properties"]!["documents"]!["maxItems"]!).ShouldBe(7);
        ((int)schemas["Text"]!["maxLength"]!).ShouldBe(99);
        ((int)schemas["Shape"]!["maxItems"]!).ShouldBe(InferLimits.MaxRank);
    }

    [Theory]
    [InlineData("/manage/audit", AuditPage.MaxLimit)]
    [InlineData("/manage/anomalies", AnomalyFunctions.MaxLimit)]
    public void A_page_is_no_longer_than_its_reader_allows(string path, int most)
    {
        var parameters = (JsonArray)Document(new TransportOptions())["paths"]![path]!["get"]!["parameters"]!;
        var limit = parameters.Single(parameter => (string?)parameter!["name"] == "limit")!["schema"]!;

        ((int)limit["maximum"]!).ShouldBe(most);
    }

    [Fact]
    public void An_overlap_is_no_longer_than_a_rotation_allows()
    {
        var overlap = Document(new TransportOptions())["components"]!["schemas"]!["KeyRotateRequest"]!["properties"]!["overlap_seconds"]!;

        TimeSpan.FromSeconds((int)overlap["maximum"]!).ShouldBe(ApiKeyService.MaxOverlap);
    }

    [Theory]
    [InlineData(typeof(ClassifyRequest))]
    [InlineData(typeof(EmbeddingsRequest))]
    [InlineData(typeof(RerankRequest))]
    [InlineData(typeof(ModerationRequest))]
    [InlineData(typeof(KeyCreateRequest))]
    [InlineData(typeof(KeyRotateRequest))]
    [InlineData(typeof(KeyCheckRequest))]
    [InlineData(typeof(PromoteRequest))]
    [InlineData(typeof(PlanChange))]
    [InlineData(typeof(WindowReset))]
    public void A_bodys_schema_has_the_members_that_its_reader_takes(Type body)
    {
        var schema = Document(new TransportOptions())["components"]!["schemas"]![body.Name]!;
        var members = WireJsonContext.Default.GetTypeInfo(body)!.Properties.Where(member => !member.IsExtensionData).ToList();

        ((JsonObject)schema["properties"]!).Select(member => member.Key).ShouldBe(members.Select(member => member.Name), ignoreOrder: true);
        ((JsonArray?)schema["required"] ?? []).Select(name => (string)name!).ShouldBe(members.Where(member => member.IsRequired).Select(member => member.Name), ignoreOrder: true);
        ((bool)schema["additionalProperties"]!).ShouldBeFalse();
        foreach (var member in members)
        {
            TakesNull(schema["properties"]![member.Name]!).ShouldBe(member.IsSetNullable, member.Name);
        }
    }

    [Fact]
    public void An_instance_that_is_not_ready_answers_what_it_answers_when_it_is()
    {
        var answers = Document(new TransportOptions())["paths"]!["/v2/health/ready"]!["get"]!["responses"]!;

        answers["503"]!["content"]!.ToJsonString().ShouldBe(answers["200"]!["content"]!.ToJsonString());
        ((JsonObject)answers["503"]!["headers"]!).ShouldContain(header => header.Key == "Retry-After");
    }

    [Fact]
    public void No_body_or_answer_is_left_undescribed_but_the_documents_own()
    {
        var paths = (JsonObject)Document(new TransportOptions())["paths"]!;

        paths.Where(path => path.Value!.ToJsonString().Contains("AnyObject")).Select(path => path.Key).ShouldBe(["/openapi.json"]);
    }

    [Fact]
    public void Only_routes_for_anyone_are_without_security()
    {
        var paths = (JsonObject)Document(new TransportOptions())["paths"]!;

        paths.Where(path => ((JsonObject)path.Value!).Any(method => method.Value!["security"] is not null)).Select(path => path.Key)
            .ShouldBe(["/v2/health/live", "/v2/health/ready", "/openapi.json"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_linter_finds_nothing()
    {
        var run = await OpenApiLinter.RunAsync(new OpenApiDocument(Options.Create(new TransportOptions())).Utf8.ToArray());

        run.ExitCode.ShouldBe(0, run.Output + run.Errors);
        var totals = JsonNode.Parse(run.Output)!["totals"]!;
        ((int)totals["errors"]!).ShouldBe(0, run.Output);
        ((int)totals["warnings"]!).ShouldBe(0, run.Output);
    }

    private static bool TakesNull(JsonNode schema) => schema["type"] is JsonArray types && types.Any(type => (string)type! == "null");

    private static JsonObject Document(TransportOptions limits) => OpenApiDocument.Create(Endpoints.All, limits);
}
