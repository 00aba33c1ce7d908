using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncAiSecure.Benchmarks.Http;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Benchmarks.Guards.Extraction;

/// <summary>The attack over HTTP: a key, the whole product with every control on, and nothing but its answers.</summary>
internal static class HttpAttack
{
    private const string Shipped = "banking77";

    /// <summary>Attacks an open copy of the model and one with a budget, with either kind of texts, as fast as one connection goes.</summary>
    public static async Task RunAsync(Report report, Victim victim, IReadOnlyList<Query> heldOut, double budget, CancellationToken cancellation)
    {
        (string Name, Func<Chance, string> Next, ulong Seed)[] choices = [("Random", Questions.Random, 3), ("Honest", Questions.Honest, 2)];
        var folder = Directory.CreateTempSubdirectory("funcai-bench-models-").FullName;
        try
        {
            foreach (var (name, _, _) in choices)
            {
                Copy(folder, NameOf(name, isOpen: true), null);
                Copy(folder, NameOf(name, isOpen: false), budget);
            }

            await using var product = await ServedProduct.StartAsync(
                cancellation, new Dictionary<string, string?> { ["FuncAiSecure:Models:Directory"] = folder, ["FuncAiSecure:Guards:PromptModel"] = "" });
            using var client = new HttpClient { BaseAddress = product.Address };
            client.DefaultRequestHeaders.Add("x-api-key", product.Key);
            var rows = new List<IReadOnlyList<string>>();
            foreach (var (name, next, seed) in choices)
            {
                foreach (var isOpen in (bool[])[true, false])
                {
                    rows.Add([name, isOpen ? "none" : $"budget {Report.Number(budget)}", .. await AskAsync(client, NameOf(name, isOpen), victim, heldOut, next, new Chance(seed), cancellation)]);
                }
            }

            report.Say("The same over HTTP against the whole product, by one key on one connection, on the real clock:");
            report.Table(["queries", "defence", .. victim.Marks.Select(Report.Count), "200 in full", "200 reduced", "429"], rows);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string NameOf(string choice, bool isOpen) => $"{(isOpen ? "open" : "bounded")}-{choice.ToLowerInvariant()}";

    private static async Task<IEnumerable<string>> AskAsync(
        HttpClient client, string model, Victim victim, IReadOnlyList<Query> heldOut, Func<Chance, string> next, Chance chance, CancellationToken cancellation)
    {
        var labels = victim.Model.Manifest.Labels.Select((label, index) => (label, index)).ToDictionary(pair => pair.label, pair => pair.index);
        var learned = new List<Example>();
        var cells = new List<string>();
        var (asked, reduced, refused) = (0, 0, 0);
        foreach (var mark in victim.Marks)
        {
            for (; asked < mark; asked++)
            {
                var text = next(chance);
                using var content = JsonContent(new JsonObject { ["model"] = model, ["input"] = text });
                using var answer = await client.PostAsync(new Uri("v1/classify", UriKind.Relative), content, cancellation);
                if ((int)answer.StatusCode == 429)
                {
                    refused++;
                    continue;
                }

                answer.EnsureSuccessStatusCode();
                reduced += answer.Headers.Contains("x-output-reduced") ? 1 : 0;
                using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), default, cancellation);
                var shown = body.RootElement.GetProperty("data")[0].GetProperty("scores").EnumerateArray()
                    .Select(score => (labels[score.GetProperty("label").GetString()!], score.GetProperty("score").GetSingle())).ToList();
                learned.Add(new Example(BankVictim.FeaturesOf(text), Endpoint.Shown(shown, labels.Count)));
            }

            cells.Add(Report.Percent(Attack.Agreement(victim, learned, heldOut, new Chance(4))));
        }

        return [.. cells, Report.Count(learned.Count - reduced), Report.Count(reduced), Report.Count(refused)];
    }

    private static ByteArrayContent JsonContent(JsonObject body) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static void Copy(string folder, string name, double? budget)
    {
        var from = Path.Combine(Repository.Root, "models", Shipped, "1");
        var to = Directory.CreateDirectory(Path.Combine(folder, name, "1")).FullName;
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(to, "model.json")))!.AsObject();
        manifest["name"] = name;
        if (budget is { } bits)
        {
            manifest["output"]!["extraction"] = new JsonObject { ["budget"] = bits };
        }

        File.WriteAllText(Path.Combine(to, "model.json"), manifest.ToJsonString());
    }
}
