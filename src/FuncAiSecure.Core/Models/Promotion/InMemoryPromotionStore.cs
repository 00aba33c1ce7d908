using System.Collections.Immutable;

namespace FuncAiSecure.Core.Models.Promotion;

/// <summary>Promotions that end with the process: for tools and tests that have no storage.</summary>
public sealed class InMemoryPromotionStore : IPromotionStore
{
    private ImmutableList<Promotion> _entries = [];

    /// <inheritdoc />
    public Task<CurrentPromotions> ReadCurrentAsync(CancellationToken cancellation) => Task.FromResult(new CurrentPromotions(
        [.. _entries.GroupBy(entry => entry.Model).Select(group => group.MaxBy(entry => entry.Sequence)!)], []));

    /// <inheritdoc />
    public Task<Promotion?> ReadAsync(string model, long sequence, CancellationToken cancellation) =>
        Task.FromResult(_entries.Find(entry => entry.Model == model && entry.Sequence == sequence));

    /// <inheritdoc />
    public Task<IReadOnlyList<Promotion>> ReadHistoryAsync(string model, int count, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Promotion>>(
        [.. _entries.Where(entry => entry.Model == model).OrderByDescending(entry => entry.Sequence).Take(count)]);

    /// <inheritdoc />
    public Task<bool> TryAddAsync(Promotion next, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(next);
        while (true)
        {
            var before = _entries;
            var last = before.Where(entry => entry.Model == next.Model).Select(entry => entry.Sequence).DefaultIfEmpty().Max();
            if (last != next.Sequence - 1)
            {
                return Task.FromResult(false);
            }

            if (Interlocked.CompareExchange(ref _entries, before.Add(next), before) == before)
            {
                return Task.FromResult(true);
            }
        }
    }
}
