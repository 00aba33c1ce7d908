
namespace FuncAiSecure.Benchmarks.Http;

/// <summary>What the chain costs without sockets and without neighbours on the same connection: one thread, one request after the other.</summary>
internal sealed class ChainBenchmark : IBenchmark
{
    public string Name => "chain";

    public string Purpose => "The chain alone, without sockets, one request after the other";

    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        await using var product = await ServedProduct.StartAsync(cancellation);
        using var served = new TapRequest("POST", "/v2/models/wine/infer", ServedProduct.WineRequest(), ("x-api-key", product.Key));
        using var unknown = new TapRequest("GET", "/nowhere", "");
        using var live = new TapRequest("GET", "/v2/health/live", "");
        (string Name, Action Work)[] candidates =
        [
            ("no such route: the server's context alone", Send(product, unknown, 404)),
            ("liveness: the chain without a caller", Send(product, live, 200)),
            ("inference, API key, 13 numbers", Send(product, served, 200)),
        ];
        foreach (var (_, work) in candidates)
        {
            for (var i = 0; i < 40_000; i++)
            {
                work();
            }
        }

        var timings = new Rounds(150, TimeSpan.FromMilliseconds(20)).Run(candidates, cancellation);
        report.Table(
            ["request", "µs, median", "µs, quietest round", "bytes allocated"],
            timings.Select(t => (IReadOnlyList<string>)[t.Name, Report.Number(t.Micros), Report.Number(t.Least), Report.Number(t.Bytes)]));
        report.Say("The run of the model is in the last row. Audit records are journaled; they are sent to storage later.");
    }

    private static Action Send(ServedProduct product, TapRequest request, int status) => () =>
    {
        var exchange = product.Tap.ExchangeAsync(request);
        var answered = exchange.IsCompletedSuccessfully ? exchange.Result : exchange.GetAwaiter().GetResult();
        if (answered != status)
        {
            throw new InvalidOperationException($"Answered {answered}, not {status}.");
        }
    };
}
