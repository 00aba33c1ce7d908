using System.Text.Json;
using FuncAiSecure.Core;
using FuncAiSecure.Functions;
using FuncAiSecure.Http;
using FuncAiSecure.Tests.Middleware;

namespace FuncAiSecure.Tests.Protocols;

public sealed class RerankProtocolTests
{
    [Theory]
    [InlineData(3, 0)]
    [InlineData(3, 4)]
    [InlineData(3, 9)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    public async Task Too_few_and_too_many_documents_are_told_as_such(int most, int documents)
    {
        var body = JsonSerializer.Serialize(new { model = "m", query = "q", documents = Enumerable.Repeat("d", documents) });
        await using var services = GuardServices.Create("", maxCharacters: 512);
        using var state = GuardServices.Request(nameof(TextFunctions.Rerank), body, services);
        var limits = new TransportOptions { MaxInputs = most };

        var refusal = state.Protocol!.ReadEnvelope(state, limits) ?? state.Protocol.Bind(state, limits);

        refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.InputInvalid);
        refusal.Errors.ShouldHaveSingleItem().ShouldBe(new InputError("/documents", $"Send 1 to {most} documents."));
        refusal.Parameter.ShouldBe("documents");
    }
}
