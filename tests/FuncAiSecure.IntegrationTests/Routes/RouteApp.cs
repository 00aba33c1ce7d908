using System.Text.Json;
using System.Text.Json.Nodes;
using FuncAiSecure.IntegrationTests.Chain;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary>The whole product serving the tiny models beside this file, each there for one behaviour, and the shipped guard.</summary>
public sealed class RouteApp : IAsyncLifetime
{
    private readonly DirectoryInfo _models = Directory.CreateTempSubdirectory("funcai-models-");

    public ServedApp App { get; } = new();

    public async Task InitializeAsync()
    {
        Copy(Path.Combine(Repository.Root, "tests", "FuncAiSecure.IntegrationTests", "Routes", "Models"), _models.FullName);
        Copy(Path.Combine(Repository.Root, "models", "prompt-guard"), Path.Combine(_models.FullName, "prompt-guard"));
        CopyAs("echo", "keeper", ("guards", """{"inputPii":{"default":"tokenize"},"outputPii":{"default":"redact","kinds":{"PAYMENT_CARD":"block","IP_ADDRESS":"detect"},"restore":true}}"""));
        CopyAs("echo", "censor", ("guards", """{"outputPii":{"default":"redact","kinds":{"PAYMENT_CARD":"block","IP_ADDRESS":"detect"},"restore":true}}"""));
        CopyAs("ranker", "ranking-censor", ("guards", """{"outputPii":{"default":"redact"}}"""));
        CopyAs("words", "rounded-words", ("output", """{"decimals":2}"""));
        CopyWithOutput("words", """{"decimals":4,"exactFor":["debug.timing"],"extraction":{"budget":99,"steps":[{"at":0.3,"decimals":2},{"at":0.6,"decimals":0,"topK":1},{"at":1,"refuse":true}]}}""");
        CopyWithOutput("swap", """{"decimals":4,"extraction":{"budget":1000,"steps":[{"at":0.5,"decimals":1,"topK":1},{"at":1,"refuse":true}]}}""", labels: """["a","b","c"]""");
        CopyWithOutput("encoder", """{"decimals":6,"extraction":{"budget":1000,"steps":[{"at":0.5,"decimals":1},{"at":1,"refuse":true}]}}""");
        CopyWithOutput("ranker", """{"decimals":6,"extraction":{"budget":300,"steps":[{"at":0.5,"decimals":1},{"at":1,"refuse":true}]}}""");
        App.Secrets["guard-data-key"] = Convert.ToBase64String(new byte[32]);
        App.Settings["FuncAiSecure:Extraction:SaveInterval"] = "00:00:05";
        App.Settings["FuncAiSecure:Models:Directory"] = _models.FullName;
        App.Settings["FuncAiSecure:Models:RefreshInterval"] = "00:00:01";
        App.Settings["FuncAiSecure:Quotas:Plans:alone:Policies:at-once:Window"] = "Concurrent";
        App.Settings["FuncAiSecure:Quotas:Plans:alone:Policies:at-once:Amount"] = "1";
        App.Settings["FuncAiSecure:Audit:BatchDelay"] = "00:00:00.050";
        await App.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        _models.Delete(recursive: true);
    }

    /// <summary>Sends as a caller of all models.</summary>
    public Task<Answer> SendAsync(string method, string path, string? body = null, Action<HttpRequestMessage>? shape = null) =>
        App.SendAsync(method, path, body, shape);

    /// <summary>Sends with another key.</summary>
    public Task<Answer> SendAsAsync(string? key, string method, string path, string? body = null, Action<HttpRequestMessage>? shape = null) =>
        ServedApp.SendAsync(App.Client, key, method, path, body, shape);

    /// <summary>Asks until an answer is as wanted, for what follows within seconds; fails after a minute or more.</summary>
    public static async Task<Answer> UntilAsync(Func<Task<Answer>> ask, Func<Answer, bool> isWanted)
    {
        Answer? last = null;
        for (var i = 0; i < 600; i++)
        {
            last = await ask();
            if (isWanted(last))
            {
                return last;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"Still {last!.Status}: {last.Text[..Math.Min(last.Text.Length, 2_000)]}");
    }

    // The first version of a model once more, as budget-NAME with another output policy.
    private void CopyWithOutput(string name, string output, string? labels = null) =>
        CopyAs(name, "budget-" + name, labels is null ? [("output", output)] : [("output", output), ("labels", labels)]);

    // The first version of a model once more, under another name and with these members in place of its own.
    private void CopyAs(string name, string copy, params (string Name, string Json)[] members)
    {
        var folder = Path.Combine(_models.FullName, copy, "1");
        Copy(Path.Combine(_models.FullName, name, "1"), folder);
        var file = Path.Combine(folder, "model.json");
        var manifest = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        manifest["name"] = copy;
        manifest["version"] = 1;
        foreach (var (member, json) in members)
        {
            manifest[member] = JsonNode.Parse(json);
        }

        File.WriteAllText(file, manifest.ToJsonString());
    }

    // Dot files and scripts are no models.
    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".py", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

[CollectionDefinition(Name)]
public sealed class RouteAppGroup : ICollectionFixture<RouteApp>
{
    public const string Name = "route app";
}

/// <summary>What route tests ask of answers.</summary>
internal static class AnswerAssertions
{
    /// <summary>A problem document with status, code and, where given, the pointer of its first error.</summary>
    public static void ShouldBeRefused(this Answer answer, int status, string code, string? pointer = null)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.Code.ShouldBe(code, answer.Text);
        if (pointer is not null)
        {
            answer.Json.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe(pointer, answer.Text);
        }
    }

    /// <summary>The body of an answer with status 200.</summary>
    public static JsonElement ShouldBeServed(this Answer answer, int status = 200)
    {
        answer.Status.ShouldBe(status, answer.Text);
        return answer.Json;
    }

    /// <summary>Numbers of a JSON array, nested or flat.</summary>
    public static double[] Numbers(this JsonElement data) => data.ValueKind is JsonValueKind.Array
        ? [.. data.EnumerateArray().SelectMany(Numbers)]
        : [data.GetDouble()];

    /// <summary>Texts of a JSON array.</summary>
    public static string?[] Strings(this JsonElement data) => [.. data.EnumerateArray().Select(item => item.GetString())];
}
