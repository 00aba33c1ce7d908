using System.Buffers;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>
/// Makes all views of a text: the folded whole, text hidden in invisible signs, decoded layers to a bounded depth and size, and
/// both without what joins and parts their words, and the text backwards or through a letter cipher where that reads like language. Linear in the length; accepts any UTF-16.
/// </summary>
internal static class TextNormalizer
{
    /// <summary>Layers within layers that are opened.</summary>
    private const int MaxDepth = 3;

    /// <summary>Decoded views of one text; at each depth further ones are one view together, so that no number of decoys hides the last.</summary>
    private const int MaxLayers = 12;

    /// <summary>Decoded UTF-16 units of one text, over all layers: what base64 of the longest text holds.</summary>
    private const int MaxDecoded = 24_576;

    /// <summary>The views of <paramref name="text"/>. Dispose them: they hold the text in pooled buffers.</summary>
    public static TextViews Create(ReadOnlySpan<char> text)
    {
        TextViews views = new(text.Length + 32);
        char[] skeletons = ArrayPool<char>.Shared.Rent(text.Length + 64);
        char[] rented = skeletons;
        try
        {
            Add(views, ViewKind.Folded, text, 0, text.Length, ref skeletons);
            if (views.SmuggledCount > 3 && HiddenText.Read(text) is { Length: > 0 } hidden)
            {
                Add(views, ViewKind.Hidden, hidden, 0, text.Length, ref skeletons);
            }

            AddLoose(views, text, 0, text.Length, ref skeletons);
            AddLayers(views, text, ref skeletons);
            AddTurned(views, ref skeletons);
            return views;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented, clearArray: true);
        }
    }

    private static void Add(TextViews views, ViewKind kind, ReadOnlySpan<char> text, int sourceStart, int sourceLength, ref char[] skeletons)
    {
        int start = views.Length;
        _ = CharFolder.Fold(text, views, ref skeletons, kind is ViewKind.Folded ? -1 : sourceStart);
        WordRepair.Repair(views, skeletons, start);
        views.Views.Add(new TextView(kind, start, views.Length - start, sourceStart, sourceLength));
    }

    private static void AddLayers(TextViews views, ReadOnlySpan<char> text, ref char[] skeletons)
    {
        LayerSink sink = new(MaxDecoded);
        LayerFinder.Find(text, sink);
        sink.JoinFrom(MaxLayers);
        for (int i = 0, depthEnd = sink.Layers.Count, depth = 1; i < sink.Layers.Count; i++)
        {
            if (i == depthEnd)
            {
                sink.JoinFrom(Math.Max(depthEnd, MaxLayers));
                (depth, depthEnd) = (depth + 1, sink.Layers.Count);
            }

            Layer layer = sink.Layers[i];
            Add(views, ViewKind.Decoded, layer.Text, layer.SourceStart, layer.SourceLength, ref skeletons);
            AddLoose(views, layer.Text, layer.SourceStart, layer.SourceLength, ref skeletons);
            if (depth < MaxDepth)
            {
                sink.Inside(layer);
                LayerFinder.Find(layer.Text, sink);
            }
        }
    }

    private static void AddLoose(TextViews views, ReadOnlySpan<char> text, int sourceStart, int sourceLength, ref char[] skeletons)
    {
        if (LooseText.Read(text) is { } loose)
        {
            Add(views, ViewKind.Loose, loose, sourceStart, sourceLength, ref skeletons);
        }
    }

    private static void AddTurned(TextViews views, ref char[] skeletons)
    {
        int known = views.Views.Count;
        for (int i = 0; i < known; i++)
        {
            TextView view = views.Views[i];
            if (TurnedText.Read(views.Chars(view)) is { } turned)
            {
                Add(views, ViewKind.Turned, turned, view.SourceStart, view.SourceLength, ref skeletons);
            }
        }
    }
}
