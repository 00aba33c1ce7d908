namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>A decoded text and the part of the original that carried it.</summary>
internal sealed record Layer(string Text, int SourceStart, int SourceLength)
{
    /// <summary>Never the text.</summary>
    public override string ToString() => $"{Text.Length} chars from [{SourceStart}, {SourceStart + SourceLength})";
}

/// <summary>Takes decoded layers while there is room for them.</summary>
internal sealed class LayerSink(int maxChars)
{
    private int _room = maxChars;
    private Layer? _inside;

    /// <summary>The layers found so far.</summary>
    public List<Layer> Layers { get; } = new(0);

    /// <summary>Whether nothing more is taken.</summary>
    public bool IsFull => _room <= 0;

    /// <summary>From now on found layers lie inside <paramref name="layer"/>.</summary>
    public void Inside(Layer layer) => _inside = layer;

    /// <summary>Makes one layer of those from <paramref name="first"/> on.</summary>
    public void JoinFrom(int first)
    {
        if (Layers.Count <= first + 1)
        {
            return;
        }

        int start = Layers.Skip(first).Min(layer => layer.SourceStart), end = Layers.Skip(first).Max(layer => layer.SourceStart + layer.SourceLength);
        Layer joined = new(string.Join('\n', Layers.Skip(first).Select(layer => layer.Text)), start, end - start);
        Layers.RemoveRange(first, Layers.Count - first);
        Layers.Add(joined);
    }

    /// <summary>Takes a decoded text if it reads like text; cuts it to the room that is left.</summary>
    public bool Take(ReadOnlySpan<char> decoded, int start, int length)
    {
        if (IsFull || !ReadsLikeText(decoded))
        {
            return false;
        }

        decoded = decoded[..Math.Min(decoded.Length, _room)];
        _room -= decoded.Length;
        Layers.Add(_inside is null
            ? new Layer(decoded.ToString(), start, length)
            : new Layer(decoded.ToString(), _inside.SourceStart, _inside.SourceLength));
        return true;
    }

    private static bool ReadsLikeText(ReadOnlySpan<char> text)
    {
        int good = 0, letters = 0, codes = 0;
        foreach (char c in text)
        {
            bool letter = char.IsLetter(c);
            letters += letter ? 1 : 0;
            codes += char.IsAsciiHexDigit(c) || c is '%' or '\\' or '=' or ' ' ? 1 : 0;
            good += letter || c is >= ' ' and < '\x7f' or '\n' or '\r' or '\t' || (c > 0x9F && c != '\uFFFD') ? 1 : 0;
        }

        // Codes within codes have few letters.
        return text.Length >= 4 && good >= text.Length * 0.95 && (letters >= text.Length * (text.Length < 12 ? 0.4 : 0.25) || (text.Length >= 24 && codes >= text.Length * 0.95));
    }
}
