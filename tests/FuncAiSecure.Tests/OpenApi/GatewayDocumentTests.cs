using FuncAiSecure.Http;
using FuncAiSecure.OpenApi;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Tests.OpenApi;

/// <summary>The gateway imports what the app serves: same routes, same limits, in the version of OpenAPI that it takes.</summary>
public sealed class GatewayDocumentTests
{
    [Fact]
    public async Task The_gateways_document_is_the_served_one()
    {
        var converted = await ConvertAsync(OpenApiDocument.Create(Endpoints.All, new TransportOptions()).ToJsonString());

        var committed = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "infra-bicep", "openapi.json"));
        await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, "openapi.received.json"), converted);
        committed.ShouldBe(converted, "make it again: eng/gateway-openapi.mjs says how");
    }

    private static async Task<string> ConvertAsync(string document)
    {
        var run = await NodeScript.RunAsync(Path.Combine(Repository.Root, "eng", "gateway-openapi.mjs"), [], document);
        run.ExitCode.ShouldBe(0, run.Errors);
        return run.Output;
    }
}
