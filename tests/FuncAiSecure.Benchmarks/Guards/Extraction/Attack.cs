using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Benchmarks.Guards.Extraction;

/// <summary>How an attacker chooses what to ask.</summary>
internal enum Choice
{
    /// <summary>As honest callers ask.</summary>
    Honest,

    /// <summary>Without any knowledge of honest inputs.</summary>
    Random,

    /// <summary>Half of it where the substitute is least sure so far, between honest inputs.</summary>
    Boundary,
}

/// <summary>One caller's answers, as the guard lets them leave: the real guard on a clock of its own.</summary>
internal sealed class Endpoint
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new(Start);
    private readonly ExtractionGuard _guard;
    private readonly ModelManifest _manifest;
    private readonly Principal _principal = Caller.PrincipalOf("caller");

    public Endpoint(ModelManifest manifest)
    {
        _manifest = manifest;
        _guard = new ExtractionGuard(new ExtractionOptions { MaxBudgets = 1_024 }, new BehaviourMonitor(new BehaviourOptions { MaxPrincipals = 1_024 }, _time), _time);
        _guard.MarkKnown();
    }

    public double Spent => _guard.SpentOf(_principal.Id, _manifest);

    public void SetTime(TimeSpan sinceStart) => _time.Set(Start + sinceStart);

    /// <summary>The step at which a query is answered, and the policy; null where it is refused.</summary>
    public (int Step, OutputPolicy Policy)? Ask(Query query)
    {
        if (_manifest.Output.Extraction is null)
        {
            return (-1, _manifest.Output);
        }

        if (_guard.CheckSpent(_principal.Id, _manifest) is not null)
        {
            return null;
        }

        var reduction = _guard.Charge(_principal, _manifest, 1, new One(query));
        return reduction.Refusal is null ? (reduction.Step, reduction.Policy) : null;
    }

    /// <summary>The target that an answer under a policy gives a substitute.</summary>
    public static float[] Shown(float[] scores, OutputPolicy policy) => Shown(
        [
            .. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Take(policy.TopK ?? scores.Length)
                .Select(i => (i, policy.Decimals is { } decimals ? (float)Math.Round((double)scores[i], decimals) : scores[i])),
        ],
        scores.Length);

    /// <summary>The target that labels and scores, best first, give: what is shown, and what is left spread over the labels that are not.</summary>
    public static float[] Shown(IReadOnlyList<(int Label, float Score)> shown, int labels)
    {
        var target = new float[labels];
        foreach (var (label, score) in shown)
        {
            target[label] = score;
        }

        // A label without a number is still the best one.
        var best = shown[0].Label;
        target[best] += target[best] == 0 ? 0.5f * Math.Max(0, 1 - target.Sum()) : 0;
        var left = Math.Max(0, 1 - target.Sum());
        var hidden = labels - shown.Count;
        var seen = shown.Select(score => score.Label).ToHashSet();
        for (var label = 0; label < labels; label++)
        {
            target[label] += hidden == 0 ? left / labels : seen.Contains(label) ? 0 : left / hidden;
        }

        var sum = target.Sum();
        return [.. target.Select(value => value / sum)];
    }

    private readonly record struct One(Query Query) : IAnswers
    {
        public int Count => 1;

        public AnswerFacts FactsOf(int index) => AnswerFacts.Of(Query.Sketch, Query.Scores);

        public double BitsOf(int index, OutputPolicy policy) =>
            AnswerBits.OfScores(Query.Scores, Math.Min(Query.Scores.Length, policy.TopK ?? Query.Scores.Length), policy.Decimals);
    }
}

/// <summary>An attack on a model: queries, answers, a substitute, and how often it agrees with the model on honest inputs it has not seen.</summary>
internal sealed class Attack(Victim victim, IReadOnlyList<Query> heldOut)
{
    // Twenty queries a minute.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);

    /// <summary>Agreement and answered queries at each mark.</summary>
    public async Task<IReadOnlyList<Point>> RunAsync(ModelManifest manifest, Choice choice, IReadOnlyList<Query> prepared, ulong seed, CancellationToken cancellation)
    {
        var chance = new Chance(seed);
        var endpoint = new Endpoint(manifest);
        var learned = new List<Example>();
        var points = new List<Point>();
        var (asked, reduced, substitute) = (0, 0, Train(victim, learned, chance));
        foreach (var mark in victim.Marks)
        {
            cancellation.ThrowIfCancellationRequested();
            var queries = prepared.Skip(asked).Take(mark - asked).ToList();
            if (choice == Choice.Boundary && asked > 0)
            {
                var half = queries.Count / 2;
                queries = [.. queries.Take(half), .. await victim.AskAsync(Unsure(substitute, queries.Count - half, chance))];
            }

            foreach (var query in queries)
            {
                endpoint.SetTime(asked++ * Pace);
                if (endpoint.Ask(query) is var (step, policy))
                {
                    learned.Add(new Example(query.Features, Endpoint.Shown(query.Scores, policy)));
                    reduced += step >= 0 ? 1 : 0;
                }
            }

            substitute = Train(victim, learned, chance);
            points.Add(new Point(mark, learned.Count, learned.Count - reduced, Agreement(substitute, heldOut), endpoint.Spent));
        }

        return points;
    }

    /// <summary>How often a substitute trained on what was learned agrees with the model.</summary>
    public static double Agreement(Victim victim, IReadOnlyList<Example> learned, IReadOnlyList<Query> heldOut, Chance chance) =>
        Agreement(Train(victim, learned, chance), heldOut);

    private static Substitute Train(Victim victim, IReadOnlyList<Example> learned, Chance chance)
    {
        var substitute = new Substitute(victim.Features, victim.Model.Manifest.Labels.Length);
        substitute.Train(learned, victim.Epochs, chance);
        return substitute;
    }

    private static double Agreement(Substitute substitute, IReadOnlyList<Query> heldOut) =>
        (double)heldOut.Count(query => substitute.Ask(query.Features).Label == Array.IndexOf(query.Scores, query.Scores.Max())) / heldOut.Count;

    private object[] Unsure(Substitute substitute, int count, Chance chance) =>
        [.. victim.Between(4 * count, chance).OrderBy(candidate => substitute.Ask(candidate.Features).Margin).Take(count).Select(candidate => candidate.Input)];
}

/// <summary>How far an attack has come.</summary>
/// <param name="Asked">Queries.</param>
/// <param name="Answered">How many were answered.</param>
/// <param name="Whole">How many of those in full.</param>
/// <param name="Agreement">The share of held-out inputs on which substitute and model agree.</param>
/// <param name="Spent">The share of the budget that is spent.</param>
internal sealed record Point(int Asked, int Answered, int Whole, double Agreement, double Spent);
