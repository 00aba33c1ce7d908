namespace FuncAiSecure.Core.Models.Promotion;

/// <summary>Keeps promotions. An entry is added only after the one that its maker saw: compare-and-swap.</summary>
public interface IPromotionStore
{
    /// <summary>The entry in force of each model. Throws <see cref="PromotionStoreException"/> where the store is away.</summary>
    Task<CurrentPromotions> ReadCurrentAsync(CancellationToken cancellation);

    /// <summary>One entry of a model's history; null where it does not exist. Throws as above.</summary>
    Task<Promotion?> ReadAsync(string model, long sequence, CancellationToken cancellation);

    /// <summary>A model's history, newest first, at most <paramref name="count"/> entries. Throws as above.</summary>
    Task<IReadOnlyList<Promotion>> ReadHistoryAsync(string model, int count, CancellationToken cancellation);

    /// <summary>
    /// Adds <paramref name="next"/> if the entry in force is still number <c>next.Sequence - 1</c>; false where somebody else was
    /// faster. Throws as above; then it is unknown whether the entry was added.
    /// </summary>
    Task<bool> TryAddAsync(Promotion next, CancellationToken cancellation);
}

/// <summary>The store of promotions cannot be reached or does not answer as it should.</summary>
public sealed class PromotionStoreException : Exception
{
    /// <summary>With a message for operators.</summary>
    public PromotionStoreException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for operators and the cause.</summary>
    public PromotionStoreException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a message.</summary>
    public PromotionStoreException()
    {
    }
}
