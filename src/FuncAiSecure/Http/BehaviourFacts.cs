using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Protocols;

namespace FuncAiSecure.Http;

/// <summary>Tells the watch over behaviour what it may know of a finished request: sizes, sketches and entropies, no text.</summary>
internal static class BehaviourFacts
{
    /// <summary>Observes a request that reached identity.</summary>
    public static void Observe(BehaviourMonitor monitor, RequestState state, RequestEnd end)
    {
        if (state.Principal is not { } principal)
        {
            return;
        }

        // Only names of the catalog: a name that no model has may be the caller's text.
        var facts = new RequestFacts(
            principal, state.ClientAddress, state.Model?.Manifest.Name, state.Model?.Version ?? 0, Endings.Of(end.Refused), state.Body.Length);
        Span<ItemFacts> items = stackalloc ItemFacts[BehaviourMonitor.MaxItems];
        monitor.Observe(in facts, items[..Fill(items, state, end)]);
    }

    private static int Fill(Span<ItemFacts> items, RequestState state, RequestEnd end)
    {
        if (end.Refused is not null || state.Protocol is not { } protocol || state.Ran is null)
        {
            return 0;
        }

        var texts = protocol.Texts;
        var results = (protocol as ClassifyProtocol)?.Results ?? [];
        var count = Math.Min(texts.Count, items.Length);
        for (var i = 0; i < count; i++)
        {
            var result = i < results.Count ? results[i] : null;
            items[i] = new ItemFacts(
                InputSketch.Of(texts[i]),
                result is null ? float.NaN : ItemFacts.EntropyOf(result.Probabilities),
                result is { Best.Length: > 0 } ? result.Best[0].Index : -1);
        }

        return count;
    }
}
