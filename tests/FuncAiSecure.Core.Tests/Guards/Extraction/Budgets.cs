using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Guards.Extraction.Keeping;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Guards.Extraction;

/// <summary>A guard on a clock that stands still, and answers that cost ten bits before they are weighed.</summary>
internal sealed class Budgets
{
    public const int Bits = 10;

    public static readonly Principal Caller = Monitoring.Simulation.Caller.PrincipalOf("who");

    private readonly Chance _chance = new(1);

    public Budgets(ManualTimeProvider? time = null, bool isKnown = true, int maxBudgets = 1_024)
    {
        Time = time ?? new ManualTimeProvider();
        Monitor = new BehaviourMonitor(new BehaviourOptions { MaxPrincipals = 1_024 }, Time);
        Guard = new ExtractionGuard(new ExtractionOptions { MaxBudgets = maxBudgets }, Monitor, Time);
        if (isKnown)
        {
            Guard.MarkKnown();
        }
    }

    /// <summary>On a guard that is there.</summary>
    public Budgets(ExtractionGuard guard, ManualTimeProvider time)
    {
        Time = time;
        Monitor = new BehaviourMonitor(new BehaviourOptions { MaxPrincipals = 1_024 }, Time);
        Guard = guard;
        Guard.MarkKnown();
    }

    public ManualTimeProvider Time { get; }

    public BehaviourMonitor Monitor { get; }

    public ExtractionGuard Guard { get; }

    /// <summary>A model with a budget of so many answers, back within a hundred hours, and four steps.</summary>
    public static ModelManifest Model(string name = "m", double answers = 100, params ExtractionStep[] steps) => new()
    {
        Name = name,
        Version = 1,
        Task = ModelTask.TextClassification,
        Description = "",
        License = "",
        Provenance = new ModelProvenance { Source = "", Data = "", Method = "" },
        Files = [],
        Inputs = [],
        Outputs = [],
        Labels = ["a", "b"],
        Output = new OutputPolicy
        {
            Decimals = 4,
            Extraction = new ExtractionPolicy
            {
                Budget = answers * Bits,
                WindowHours = 100,
                Steps = steps.Length > 0 ? [.. steps] :
                [
                    new() { At = 0.25, Decimals = 2 },
                    new() { At = 0.5, TopK = 1 },
                    new() { At = 0.75, Decimals = 0 },
                    new() { At = 1, Refuse = true },
                ],
            },
        },
    };

    /// <summary>Asks something new, far from any boundary.</summary>
    public Reduction Ask(ModelManifest? model = null, Principal? principal = null, int count = 1, bool isEdge = false, ulong? sketch = null, int label = 0) =>
        Guard.Charge(principal ?? Caller, model ?? Model(), 1, new Answers(sketch ?? _chance.Bits() | 1, count, label, isEdge ? 0.1f : 0.9f));

    public double Spent(ModelManifest? model = null, Principal? principal = null) => Guard.SpentOf((principal ?? Caller).Id, model ?? Model());

    private readonly record struct Answers(ulong Sketch, int Count, int Label, float Margin) : IAnswers
    {
        public AnswerFacts FactsOf(int index) => new(Sketch + ((ulong)index << 48), Label, Margin);

        public double BitsOf(int index, OutputPolicy policy) => Bits;
    }
}

/// <summary>A table in memory that can be away.</summary>
internal sealed class MemoryBudgets(TimeProvider time) : IBudgetStore
{
    private readonly Dictionary<ulong, SavedBudget> _rows = [];

    public bool IsAway { get; set; }

    public int Count => _rows.Count;

    public ValueTask<bool> LoadAsync(Action<SavedBudget> take, CancellationToken ct)
    {
        if (!IsAway)
        {
            _rows.Values.ToList().ForEach(take);
        }

        return new(!IsAway);
    }

    public ValueTask<SavedBudget?> AddAsync(SavedBudget added, CancellationToken ct)
    {
        if (IsAway)
        {
            return new((SavedBudget?)null);
        }

        lock (_rows)
        {
            var saved = _rows.TryGetValue(added.Key, out var known) ? known : added with { Spent = 0 };
            _rows[added.Key] = added with { Spent = saved.SpentAt(added.At) + added.Spent, Resets = saved.Resets };
            return new(_rows[added.Key]);
        }
    }

    public ValueTask<bool> ResetAsync(ulong key, CancellationToken ct)
    {
        _rows[key] = _rows[key] with { Spent = 0, At = (uint)time.GetUtcNow().ToUnixTimeSeconds(), Resets = _rows[key].Resets + 1 };
        return new(true);
    }
}
