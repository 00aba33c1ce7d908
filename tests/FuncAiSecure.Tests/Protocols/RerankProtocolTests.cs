using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Functions;
using FuncAiSecure.Http;
using FuncAiSecure.Tests.Middleware;

namespace FuncAiSecure.Tests.Protocols;

public sealed class RerankProtocolTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(9)]
    public async Task Too_few_and_too_many_documents_are_told_as_such(int documents)
    {
        var body = JsonSerializer.Serialize(new { model = "m", query = "q", documents = Enumerable.Repeat("d", documents) });
        await using var services = GuardServices.Create("", maxCharacters: 512);
        using var state = GuardServices.Request(nameof(TextFunctions.Rerank), body, services);
        var limits = new TransportOptions { MaxInputs = 3 };

        var refusal = state.Protocol!.ReadEnvelope(state, limits) ?? state.Protocol.Bind(state, limits);

        refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.InputInvalid);
        refusal.Errors.ShouldHaveSingleItem().ShouldBe(new InputError("/documents", "Send 1 to 2 documents."));
        refusal.Parameter.ShouldBe("documents");
    }
}
