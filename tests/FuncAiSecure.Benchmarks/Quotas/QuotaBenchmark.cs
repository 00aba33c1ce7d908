using Azure.Data.Tables;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Benchmarks.Quotas;

/// <summary>The ledger beside the two simple designs, over the same Azurite in one run, and what a warm decision costs.</summary>
internal sealed class QuotaBenchmark : IBenchmark
{
    private const long Plenty = 1_000_000_000;

    /// <inheritdoc />
    public string Name => "quotas";

    /// <inheritdoc />
    public string Purpose => "Quotas: leased blocks beside compare-and-swap a request and read-then-write";

    /// <inheritdoc />
    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        await using var azurite = await AzuriteFixture.StartAsync();
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        var tables = new TableServiceClient(azurite.ConnectionString, options);

        WarmPath.Measure(report, cancellation);
        await ThroughputAsync(report, tables, cancellation);
        await OvershootAsync(report, tables, cancellation);
        await SteadyAsync(report, tables, cancellation);
        await HotNeighbourAsync(report, tables, cancellation);
    }

    private static async Task ThroughputAsync(Report report, TableServiceClient tables, CancellationToken ct)
    {
        var rows = new List<string[]>();
        foreach (var callers in (int[])[1, 8, 32])
        {
            foreach (var design in Designs(tables, Plenty))
            {
                await using (design)
                {
                    await Load.ClosedAsync(design, callers, TimeSpan.FromSeconds(0.5), ct);
                    design.StartCounting();
                    var load = await Load.ClosedAsync(design, callers, TimeSpan.FromSeconds(3), ct);
                    rows.Add(
                    [
                        design.Name, $"{callers}", Report.Number(load.AdmittedPerSecond), Report.Number(load.P50.TotalMicroseconds),
                        Report.Number(load.P99.TotalMicroseconds), Report.Number(100.0 * design.Calls / Math.Max(1, load.Admitted)),
                    ]);
                }
            }
        }

        report.Say("One principal, callers in a closed loop for 3 s, an amount that is never reached. Latency is that of the decision.");
        report.Table(["design", "callers", "admitted/s", "p50 µs", "p99 µs", "storage calls per 100"], rows);
    }

    private static async Task OvershootAsync(Report report, TableServiceClient tables, CancellationToken ct)
    {
        const long Amount = 500;
        var rows = new List<string[]>();
        foreach (var design in Designs(tables, Amount, instances: 4))
        {
            await using (design)
            {
                var load = await Load.ClosedAsync(design, 32, TimeSpan.FromSeconds(6), ct);
                rows.Add([design.Name, $"{Amount}", $"{load.Admitted}", $"{Math.Max(0, load.Admitted - Amount)}"]);
            }
        }

        report.Say("Four instances, 32 callers, 6 s, an amount of 500.");
        report.Table(["design", "amount", "admitted", "over"], rows);
    }

    private static async Task SteadyAsync(Report report, TableServiceClient tables, CancellationToken ct)
    {
        var rows = new List<string[]>();
        foreach (var (instances, perSecond) in ((int, int)[])[(1, 200), (8, 2_400)])
        {
            await using var design = new LedgerDesign(tables, instances, Principals.New(), new Dictionary<string, long> { ["Minute"] = Plenty, ["Day"] = Plenty, ["Month"] = Plenty });
            await Load.PacedAsync(design, perSecond, TimeSpan.FromSeconds(4), ct);
            design.StartCounting();
            var load = await Load.PacedAsync(design, perSecond, TimeSpan.FromSeconds(15), ct);
            var (_, writes, conflicts) = design.Counts;
            rows.Add(
            [
                $"{instances}", Report.Number(load.AdmittedPerSecond), Report.Number(100.0 * design.Calls / load.Admitted),
                Report.Number(100.0 * (writes - conflicts) / load.Admitted), Report.Number((double)conflicts / Math.Max(1, writes - conflicts)),
                Report.Number(load.P50.TotalMicroseconds), Report.Number(load.P99.TotalMicroseconds),
            ]);
        }

        report.Say("A steady rate on one principal with a minute, a day and a month policy, 15 s after 4 s of warming up.");
        report.Table(["instances", "admitted/s", "storage calls per 100", "leases per 100", "conflicts a lease", "p50 µs", "p99 µs"], rows);
    }

    private static async Task HotNeighbourAsync(Report report, TableServiceClient tables, CancellationToken ct)
    {
        var rows = new List<string[]>();
        foreach (var hot in (bool[])[false, true, false, true])
        {
            var policies = new Dictionary<string, long> { ["Minute"] = Plenty, ["Day"] = Plenty };
            await using var quiet = new LedgerDesign(tables, 1, Principals.New(), policies);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var neighbour = hot ? Load.PacedAsync(quiet.For(Principals.New()), 2_000, TimeSpan.FromSeconds(16), stop.Token) : Task.CompletedTask;
            await Load.PacedAsync(quiet, 50, TimeSpan.FromSeconds(6), ct);
            var load = await Load.PacedAsync(quiet, 50, TimeSpan.FromSeconds(10), ct);
            await neighbour;
            rows.Add([hot ? "beside 2,000/s" : "alone", Report.Number(load.P50.TotalMicroseconds), Report.Number(load.P99.TotalMicroseconds)]);
        }

        report.Say("A quiet principal (50/s) on an instance, alone and beside a hot one.");
        report.Table(["quiet principal", "p50 µs", "p99 µs"], rows);
    }

    private static IEnumerable<IQuotaDesign> Designs(TableServiceClient tables, long amount, int instances = 1)
    {
        yield return new LedgerDesign(tables, instances, Principals.New(), new Dictionary<string, long> { ["Day"] = amount });
        yield return new RowDesign(tables, amount, swap: true);
        yield return new RowDesign(tables, amount, swap: false);
    }
}

/// <summary>Callers that nobody has seen before.</summary>
internal static class Principals
{
    public static Principal New() => new()
    {
        Id = PrincipalId.TryParse($"bench:{Guid.NewGuid():N}", out var id) ? id : default,
        CredentialKind = CredentialKind.ApiKey,
        CredentialId = "k",
        Roles = Roles.Infer,
        Models = ["*"],
    };
}
