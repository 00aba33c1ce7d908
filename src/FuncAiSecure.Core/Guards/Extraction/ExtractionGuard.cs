using System.Numerics;
using System.Runtime.CompilerServices;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Monitoring.Behaviour.Watching;

namespace FuncAiSecure.Core.Guards.Extraction;

/// <summary>
/// Bounds what each principal learns of each model. Every answer is charged by what it tells and by how much its input looks like a
/// search of the model; as the budget goes, answers tell less, and at the end nothing. All versions of a model share a budget. What is
/// spent comes back steadily. Constant time for an answer, bounded memory, nothing allocated.
/// </summary>
public sealed class ExtractionGuard
{
    // Closer to a refusal than this, the model need not run to find out that its answer does not fit.
    private const double Rest = 0.01;

    // No wait helps here.
    private static readonly Refusal TooMuch = new(RefusalCode.InformationBudgetSpent) { Detail = "These inputs are too many at once for the model's policy." };

    private readonly BudgetTable _table;
    private readonly BehaviourMonitor _monitor;
    private readonly TimeProvider _time;
    private volatile bool _isKnown;

    internal ExtractionGuard(ExtractionOptions options, BehaviourMonitor monitor, TimeProvider time)
    {
        _table = new BudgetTable(options.MaxBudgets);
        _monitor = monitor;
        _time = time;
    }

    internal BudgetTable Table => _table;

    private uint Now => (uint)_time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>A refusal for a principal whose budget has run out, before a model runs for nothing; otherwise null.</summary>
    public Refusal? CheckSpent(PrincipalId principal, ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (manifest.Output.Extraction is not { InForce: [.., { Refuse: true, At: var limit }] } policy)
        {
            return null;
        }

        var key = KeyOf(principal, manifest.Name);
        lock (_table.LockOf(key))
        {
            ref var entry = ref _table.Find(key);
            return Unsafe.IsNullRef(ref entry) || entry.SpentAt(Now) < limit - Rest ? null : Spent(entry.SpentAt(Now) - limit, policy);
        }
    }

    /// <summary>
    /// Charges a request's answers and says how they may leave: at the first step at which they fit into the budget. They are charged
    /// by what they tell under the manifest's own policy, whatever a step takes from them: what makes an answer worth asking for is its
    /// input, and a substitute learns nearly as well from labels alone. What is refused costs nothing.
    /// </summary>
    /// <param name="principal">Who asks.</param>
    /// <param name="manifest">The model, with <see cref="OutputPolicy.Extraction"/>.</param>
    /// <param name="version">The version that answered, for the signal.</param>
    /// <param name="answers">The answers, before anything was taken from them.</param>
    public Reduction Charge<TAnswers>(Principal principal, ModelManifest manifest, int version, in TAnswers answers)
        where TAnswers : struct, IAnswers
    {
        ArgumentNullException.ThrowIfNull(principal);
        ArgumentNullException.ThrowIfNull(manifest);
        var policy = manifest.Output.Extraction ?? throw new ArgumentException("The model sets no budget.", nameof(manifest));
        var now = Now;
        var key = KeyOf(principal.Id, manifest.Name);
        int step;
        double spent, cost = 0;
        bool isNews;
        lock (_table.LockOf(key))
        {
            ref var entry = ref _table.Of(key, now);
            entry.Settle(now, policy.Refill);
            var before = entry;
            for (var i = 0; i < answers.Count; i++)
            {
                cost += entry.Weigh(answers.FactsOf(i)) * answers.BitsOf(i, manifest.Output) / policy.Budget;
            }

            (step, spent) = entry.Spend(cost, policy.InForce, _isKnown ? -1 : 0);
            if (step >= 0 && policy.InForce[step].Refuse == true)
            {
                // Its inputs were not answered: noted as seen, they would be cheaper the next time.
                entry = before;
            }

            isNews = entry.Tell(step, now);
        }

        if (isNews)
        {
            _monitor.Report(Signal.Budget, principal, manifest.Name, version, spent, policy.InForce[step].At);
        }

        return step < 0 ? new Reduction(step, manifest.Output, null)
            : new Reduction(step, manifest.Output.Reduced(step), policy.InForce[step].Refuse == true ? RefusalOf(spent, cost, policy) : null);
    }

    /// <summary>Says that what earlier processes saved has been taken over: until then everybody is at the first step at least.</summary>
    internal void MarkKnown() => _isKnown = true;

    /// <summary>Where a principal's budget for a model is kept. Not its name: tables hold no names of callers here.</summary>
    internal static ulong KeyOf(PrincipalId principal, string model) =>
        (BitOperations.RotateLeft(Hashes.Of(principal.Value), 17) ^ (Hashes.Of(model) * 0x9E3779B97F4A7C15)) | 1;

    /// <summary>The share that a principal has spent.</summary>
    internal double SpentOf(PrincipalId principal, ModelManifest manifest)
    {
        var key = KeyOf(principal, manifest.Name);
        lock (_table.LockOf(key))
        {
            ref var entry = ref _table.Find(key);
            return Unsafe.IsNullRef(ref entry) ? 0 : entry.SpentAt(Now);
        }
    }

    private Refusal RefusalOf(double spent, double cost, ExtractionPolicy policy) =>
        !_isKnown ? new Refusal(RefusalCode.DependencyUnavailable) { Detail = "What was learned of this model before is not known at present." }
        : cost > policy.InForce[^1].At ? TooMuch
        : Spent(spent - policy.InForce[^1].At, policy);

    // In whole hours: how close the budget is must not be read off the wait.
    private static Refusal Spent(double over, ExtractionPolicy policy) => new(RefusalCode.InformationBudgetSpent)
    {
        Detail = "This principal has learned as much of this model as its policy allows for the time being.",
        RetryAfter = TimeSpan.FromHours(Math.Ceiling((Math.Max(0, over) + (5 * Rest)) / policy.Refill / 3_600)),
    };
}

/// <summary>How answers may leave.</summary>
/// <param name="Step">The index of the step in force; -1 where nothing is taken.</param>
/// <param name="Policy">The output policy with what the steps take.</param>
/// <param name="Refusal">Why nothing leaves; null otherwise.</param>
public readonly record struct Reduction(int Step, OutputPolicy Policy, Refusal? Refusal);
