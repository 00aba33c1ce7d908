namespace FuncAiSecure.Core.Guards.Extraction.Keeping;

/// <summary>A budget as it is saved.</summary>
/// <param name="Key">The hash of principal and model.</param>
/// <param name="Spent">The share that was spent at <paramref name="At"/>.</param>
/// <param name="At">Seconds since 1970.</param>
/// <param name="Refill">The share that comes back in a second.</param>
/// <param name="Resets">How often an operator has begun it anew.</param>
internal readonly record struct SavedBudget(ulong Key, double Spent, uint At, double Refill, int Resets = 0)
{
    /// <summary>What is spent at a moment.</summary>
    public double SpentAt(uint now) => now <= At ? Spent : Math.Max(0, Spent - (Refill * (now - At)));
}

/// <summary>Budgets over restarts and instances. What cannot be done says false or null; nothing throws but cancellation.</summary>
internal interface IBudgetStore
{
    /// <summary>Hands every saved budget to a taker and deletes those that have refilled; false if not all could be read.</summary>
    ValueTask<bool> LoadAsync(Action<SavedBudget> take, CancellationToken ct);

    /// <summary>Adds what this instance has spent to what all have: <see cref="SavedBudget.Spent"/> is the addition. None is only asked for.</summary>
    /// <returns>What is saved then; null if it is not known.</returns>
    ValueTask<SavedBudget?> AddAsync(SavedBudget added, CancellationToken ct);

    /// <summary>Begins a budget anew; false if that could not be done.</summary>
    ValueTask<bool> ResetAsync(ulong key, CancellationToken ct);
}
