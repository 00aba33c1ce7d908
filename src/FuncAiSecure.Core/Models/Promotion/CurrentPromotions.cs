namespace FuncAiSecure.Core.Models.Promotion;

/// <summary>What a store says of all models at once.</summary>
/// <param name="Entries">The entry in force of each model that has one.</param>
/// <param name="Unreadable">Models whose entry is there and cannot be read: a missing or mistyped value.</param>
public sealed record CurrentPromotions(IReadOnlyList<Promotion> Entries, IReadOnlyList<string> Unreadable)
{
    /// <summary>The entry of a model; null where it has none that can be read.</summary>
    public Promotion? Of(string? model) => Entries.FirstOrDefault(entry => entry.Model == model);
}
