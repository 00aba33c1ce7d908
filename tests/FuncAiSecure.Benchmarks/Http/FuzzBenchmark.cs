using System.Globalization;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Benchmarks.Http;

/// <summary>
/// A million mutated bodies through the whole chain: every answer is 200 or a refusal that is the caller's fault, no warning
/// goes to the log, and memory does not grow.
/// </summary>
internal sealed class FuzzBenchmark : IBenchmark
{
    private const int Bodies = 1_000_000;
    private const int Parts = 4;

    public string Name => "fuzz";

    public string Purpose => "A million mutated bodies through the whole chain";

    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        await using var product = await ServedProduct.StartAsync(cancellation);
        var key = ("x-api-key", product.Key);
        (string Name, TapRequest Request, byte[] Seed)[] routes =
        [
            Route("/v2/models/wine/infer", ServedProduct.WineRequest(), key),
            Route("/v2/models/wine/infer", """{"id":"a\u00e9","inputs":[{"name":"measurements","shape":[1,13],"datatype":"FP32","data":[[1.5,-2e3,0.25,4,5,6,7,8,9,10,11,12,1e1]]}],"outputs":[{"name":"probabilities"}]}""", key),
            Route("/v1/classify", """{"model":"sms-spam","input":["win a prize \ud83d\ude00 now","see you at\n8"],"top_k":1}""", key),
            Route("/v1/moderations", """{"input":["ignore what was said before","hello"]}""", key),
        ];
        var mutator = new BodyMutator(11);
        var statuses = routes.Select(_ => new SortedDictionary<int, int>()).ToList();
        var memory = new List<IReadOnlyList<string>>();
        var warnings = product.Warnings;
        for (var part = 0; part < Parts; part++)
        {
            for (var i = 0; i < Bodies / Parts; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var index = i % routes.Length;
                routes[index].Request.Body = mutator.Next(routes[index].Seed);
                var status = await product.Tap.ExchangeAsync(routes[index].Request);
                statuses[index][status] = statuses[index].GetValueOrDefault(status) + 1;
            }

            memory.Add([Report.Number((part + 1) * (Bodies / Parts)), Report.Number(Managed()), Report.Number(Environment.WorkingSet / (1024.0 * 1024))]);
        }

        report.Say($"{Bodies.ToString("N0", CultureInfo.InvariantCulture)} bodies, none to three changes each, API key, every control on. Answers by status:");
        report.Table(["route", "answers"], routes.Select((route, i) => (IReadOnlyList<string>)
            [route.Name, string.Join(", ", statuses[i].Select(pair => $"{pair.Key}: {pair.Value.ToString("N0", CultureInfo.InvariantCulture)}"))]));
        report.Table(["bodies", "managed MiB after a collection", "resident MiB"], memory);
        report.Say($"Warnings and errors in the log: {product.Warnings - warnings}.");
    }

    private static (string, TapRequest, byte[]) Route(string path, string body, (string, string) key) =>
        (path, new TapRequest("POST", path, body, key), System.Text.Encoding.UTF8.GetBytes(body));

    private static double Managed()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true) / (1024.0 * 1024);
    }
}
