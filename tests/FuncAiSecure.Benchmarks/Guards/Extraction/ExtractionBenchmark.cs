using System.Globalization;
using FuncAiSecure.Benchmarks.Inference;
using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;

namespace FuncAiSecure.Benchmarks.Guards.Extraction;

/// <summary>Substitutes trained from answers with and without an information budget, honest weeks beside them, cost.</summary>
internal sealed class ExtractionBenchmark : IBenchmark
{
    private const int HeldOut = 2_000;
    private const int Weeks = 4;
    private const double Chosen = 1_600_000;
    private static readonly CallerKind[] Kinds = Enum.GetValues<CallerKind>();
    private static readonly Choice[] Choices = Enum.GetValues<Choice>();

    public string Name => "extraction";

    public string Purpose => "Extraction: a substitute model's agreement by number of queries, honest callers' loss, cost";

    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        using var runtime = BenchModel.Runtime();
        await using (var bank = await BankVictim.MakeAsync(runtime))
        {
            await RunAsync(report, bank, [100_000, 800_000, Chosen], cancellation);
            await HttpAttack.RunAsync(report, bank, await bank.HonestAsync(HeldOut, new Chance(1)), Chosen, cancellation);
        }

        await using (var wine = await WineVictim.MakeAsync(runtime))
        {
            await RunAsync(report, wine, [300, 30_000, 300_000], cancellation);
        }

        Cost(report);
    }

    private static async Task RunAsync(Report report, Victim victim, double[] budgets, CancellationToken cancellation)
    {
        var manifest = victim.Model.Manifest;
        var heldOut = await victim.HonestAsync(HeldOut, new Chance(1));
        var honest = await victim.HonestAsync(victim.Marks[^1], new Chance(2));
        var random = await victim.RandomAsync(victim.Marks[^1], new Chance(3));
        var attack = new Attack(victim, heldOut);
        var policies = new List<(string Name, OutputPolicy Policy)>
        {
            ("none", manifest.Output),
            ("2 decimals", manifest.Output with { Decimals = 2 }),
            ("1 decimal, best label", manifest.Output with { Decimals = 1, TopK = 1 }),
            ("0 decimals, best label", manifest.Output with { Decimals = 0, TopK = 1 }),
        };
        policies.AddRange(budgets.Select(budget => ($"budget {Report.Number(budget)}", manifest.Output with { Extraction = new ExtractionPolicy { Budget = budget } })));

        report.Say($"## {manifest.Name}");
        report.Say($"Honest answers in full: {Report.Number(BitsOf(honest, manifest.Output))} bits on average, a margin under 0.2 in "
            + $"{Report.Percent(honest.Count(query => AnswerFacts.Of(0, query.Scores).Margin < 0.2) / (double)honest.Count)}. Agreement of a substitute on {HeldOut} held-out honest inputs; "
            + "under a budget, how many queries were answered and how many of them in full:");
        var rows = new List<IReadOnlyList<string>>();
        foreach (var choice in Choices)
        {
            foreach (var (name, policy) in policies)
            {
                var points = await attack.RunAsync(manifest with { Output = policy }, choice, choice == Choice.Random ? random : honest, 4, cancellation);
                rows.Add([choice.ToString(), name, .. points.Select(point => Report.Percent(point.Agreement)), policy.Extraction is null ? "all" : Report.Count(points[^1].Answered), policy.Extraction is null ? "all" : Report.Count(points[^1].Whole)]);
            }
        }

        report.Table(["queries", "defence", .. victim.Marks.Select(Report.Count), "answered", "in full"], rows);
        Honest(report, manifest, honest, budgets, cancellation);
    }

    private static void Honest(Report report, ModelManifest manifest, IReadOnlyList<Query> pool, double[] budgets, CancellationToken cancellation)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var kind in Kinds)
        {
            var counts = budgets.Select(budget =>
            {
                cancellation.ThrowIfCancellationRequested();
                return HonestWeeks.Run(manifest with { Output = manifest.Output with { Extraction = new ExtractionPolicy { Budget = budget } } }, kind, pool, Weeks);
            }).ToList();
            rows.Add([kind.ToString(), Report.Number(counts[0].Requests / (double)Weeks), .. counts.SelectMany(count => new[]
            {
                Report.Percent(count.Reduced / (double)count.Requests),
                Report.Percent(count.Refused / (double)count.Requests),
                count.ScoreError.ToString("0.0000", CultureInfo.InvariantCulture),
            })]);
        }

        report.Say($"Honest callers over {Weeks} weeks, each beginning with a whole budget; two in five of their inputs repeat one of their last hundred. "
            + "Of a reduced answer the best label stays; its score is off by the mean given:");
        report.Table(
            ["honest caller", "requests a week", .. budgets.SelectMany(budget => new[] { $"{Report.Number(budget)}: reduced", "refused", "score off by" })], rows);
    }

    private static double BitsOf(IReadOnlyList<Query> queries, OutputPolicy policy) =>
        queries.Average(query => AnswerBits.OfScores(query.Scores, query.Scores.Length, policy.Decimals));

    private static void Cost(Report report)
    {
        const int count = 400_000;
        var principals = Enumerable.Range(0, 1_024).Select(i => Caller.PrincipalOf($"caller-{i}")).ToArray();
        var manifest = new ModelManifest
        {
            Name = "cost",
            Version = 1,
            Task = ModelTask.TextClassification,
            Description = "",
            License = "",
            Provenance = new ModelProvenance { Source = "", Data = "", Method = "" },
            Files = [],
            Inputs = [],
            Outputs = [],
            Output = new OutputPolicy { Decimals = 4, Extraction = new ExtractionPolicy { Budget = 1e12 } },
        };
        var guard = new ExtractionGuard(new ExtractionOptions(), new BehaviourMonitor(new BehaviourOptions(), TimeProvider.System), TimeProvider.System);
        guard.MarkKnown();
        var chance = new Chance(5);
        var facts = Enumerable.Range(0, 1_024).Select(_ => new AnswerFacts(chance.Bits(), (int)(77 * chance.Uniform()), (float)chance.Uniform())).ToArray();
        var scores = Enumerable.Range(0, 77).Select(_ => (float)chance.Uniform() / 38).ToArray();
        var answer = new Classification(scores, [.. scores.Select((score, i) => new LabelScore(i, "", score))]);
        var classified = Enumerable.Range(0, 1_024).Select(_ => new ClassifiedTexts([Questions.Honest(chance)], [answer])).ToArray();
        var row = Enumerable.Range(0, 13).Select(_ => (float)chance.Uniform()).ToArray();
        var (charge, whole, bits, sketch, allocated) = (double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue, 0L);
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            charge = Math.Min(charge, Time(i => guard.Charge(principals[i & 1_023], manifest, 1, new Prepared(facts[i & 1_023]))));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            whole = Math.Min(whole, Time(i => guard.Charge(principals[i & 1_023], manifest, 1, classified[i & 1_023])));
            bits = Math.Min(bits, Time(_ => AnswerBits.OfScores(scores, 77, 4)));
            sketch = Math.Min(sketch, Time(_ => InputSketch.Of(row)));
        }

        report.Say("## Cost\n\nBest of five rounds:");
        report.Table(
            ["what", "value"],
            [
                ["charging a classified question, sketch, 77 scores and all, ns", Report.Number(whole)],
                ["of it: the budget, ns", Report.Number(charge)],
                ["of it: bits of 77 scores, ns", Report.Number(bits)],
                ["sketching a row of 13 numbers, ns", Report.Number(sketch)],
                [$"bytes allocated by {count:N0} budget charges", Report.Number(allocated)],
                ["bytes a budget", BudgetTable.BytesEach.ToString(CultureInfo.InvariantCulture)],
            ]);

        double Time<T>(Func<int, T> work)
        {
            var start = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                work(i);
            }

            return TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / count;
        }
    }

    private readonly record struct Prepared(AnswerFacts Facts) : IAnswers
    {
        public int Count => 1;

        public AnswerFacts FactsOf(int index) => Facts;

        public double BitsOf(int index, OutputPolicy policy) => 20;
    }
}
