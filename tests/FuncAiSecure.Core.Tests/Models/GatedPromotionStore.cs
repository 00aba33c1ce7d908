using FuncAiSecure.Core.Models.Promotion;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>A store whose list of promotions waits to be let out.</summary>
internal sealed class GatedPromotionStore : IPromotionStore
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InMemoryPromotionStore Inner { get; } = new();

    public void Open() => _gate.SetResult();

    public async Task<CurrentPromotions> ReadCurrentAsync(CancellationToken cancellation)
    {
        await _gate.Task.WaitAsync(cancellation);
        return await Inner.ReadCurrentAsync(cancellation);
    }

    public Task<Promotion?> ReadAsync(string model, long sequence, CancellationToken cancellation) => Inner.ReadAsync(model, sequence, cancellation);

    public Task<IReadOnlyList<Promotion>> ReadHistoryAsync(string model, int count, CancellationToken cancellation) =>
        Inner.ReadHistoryAsync(model, count, cancellation);

    public Task<bool> TryAddAsync(Promotion next, CancellationToken cancellation) => Inner.TryAddAsync(next, cancellation);
}
