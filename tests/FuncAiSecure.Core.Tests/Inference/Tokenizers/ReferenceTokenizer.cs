using System.Text.Json;
using System.Text.Json.Nodes;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Inference.Tokenizers;

/// <summary>The reference implementation, run by Node.</summary>
internal static class ReferenceTokenizer
{
    public sealed record Answer(int[] Ids, int[] TypeIds, (int Start, int End)[] Offsets);

    public static async Task<Answer[]> EncodeAsync(JsonObject tokenizer, IEnumerable<string[]> texts)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Inference", "Tokenizers", "oracle.mjs");
        var request = new JsonObject
        {
            ["tokenizer"] = tokenizer.DeepClone(),
            ["texts"] = new JsonArray([.. texts.Select(pair => new JsonArray([.. pair.Select(text => JsonValue.Create(text))]))]),
        };
        var run = await NodeScript.RunAsync(script, [NodeScript.Modules], request.ToJsonString());
        run.ExitCode.ShouldBe(0, run.Errors);
        using var answers = JsonDocument.Parse(run.Output);
        return [.. answers.RootElement.EnumerateArray().Select(Read)];
    }

    private static Answer Read(JsonElement answer) => new(
        [.. answer[0].EnumerateArray().Select(id => id.GetInt32())],
        [.. answer[1].EnumerateArray().Select(id => id.GetInt32())],
        [.. answer[2].EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32()))]);
}
