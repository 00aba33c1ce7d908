using System.Buffers;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>How a view came to be.</summary>
internal enum ViewKind : byte
{
    /// <summary>The whole text, folded and repaired.</summary>
    Folded,

    /// <summary>Text that was carried by invisible signs (tags, variation selectors).</summary>
    Hidden,

    /// <summary>A decoded layer: base64, hex, percent, entities and so on.</summary>
    Decoded,

    /// <summary>A text or layer without markup inside words, underscores and capitals read as blanks, joined words parted.</summary>
    Loose,

    /// <summary>The text read backwards or through a letter cipher.</summary>
    Turned,
}

/// <summary>One view: a range of <see cref="TextViews.Chars"/> and the part of the original text that it stands for.</summary>
/// <param name="Kind">How it came to be.</param>
/// <param name="Start">First char in <see cref="TextViews.Chars"/>.</param>
/// <param name="Length">Number of chars.</param>
/// <param name="SourceStart">First UTF-16 unit of the original.</param>
/// <param name="SourceLength">Number of units of the original.</param>
internal readonly record struct TextView(ViewKind Kind, int Start, int Length, int SourceStart, int SourceLength);

/// <summary>
/// The views of one text over pooled buffers. Every char of a view knows the original unit that it came from; in a decoded layer
/// all chars point to the start of the encoded part. Holds a caller's text: dispose returns and clears the buffers.
/// </summary>
internal sealed class TextViews : IDisposable
{
    private char[] _chars;
    private int[] _origins;

    internal TextViews(int capacity)
    {
        _chars = ArrayPool<char>.Shared.Rent(Math.Max(capacity, 64));
        _origins = ArrayPool<int>.Shared.Rent(Math.Max(capacity, 64));
    }

    /// <summary>The views; the first is the folded whole.</summary>
    public List<TextView> Views { get; } = new(1);

    /// <summary>Zero-width and directional signs that were removed (emoji joiners and a leading byte order mark are not counted).</summary>
    public int HiddenCount { get; internal set; }

    /// <summary>Tag characters, and variation selectors in runs: signs whose only use in a text is to carry another one.</summary>
    public int SmuggledCount { get; internal set; }

    /// <summary>Combining marks that were removed.</summary>
    public int MarkCount { get; internal set; }

    /// <summary>Words that were written letter by letter.</summary>
    public int SpacedWordCount { get; internal set; }

    internal int Length { get; set; }

    internal char[] Buffer => _chars;

    internal int[] OriginBuffer => _origins;

    /// <summary>The chars of a view.</summary>
    public ReadOnlySpan<char> Chars(in TextView view) => _chars.AsSpan(view.Start, view.Length);

    /// <summary>The part of the original text behind a part of a view: start and exclusive end, in UTF-16 units.</summary>
    public (int Start, int End) ToOriginal(in TextView view, int start, int length)
    {
        if (view.Kind is not ViewKind.Folded || length <= 0)
        {
            return (view.SourceStart, view.SourceStart + view.SourceLength);
        }

        int first = _origins[view.Start + start];
        int after = view.Start + start + length;
        int end = after < view.Start + view.Length ? _origins[after] : view.SourceStart + view.SourceLength;
        return (first, Math.Max(end, first + 1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(Interlocked.Exchange(ref _chars, []), clearArray: true);
        ArrayPool<int>.Shared.Return(Interlocked.Exchange(ref _origins, []));
    }

    /// <summary>Makes room for more chars after <see cref="Length"/>.</summary>
    internal void Reserve(int more)
    {
        if (Length + more <= Math.Min(_chars.Length, _origins.Length))
        {
            return;
        }

        char[] chars = ArrayPool<char>.Shared.Rent((Length + more) * 2);
        int[] origins = ArrayPool<int>.Shared.Rent((Length + more) * 2);
        _chars.AsSpan(0, Length).CopyTo(chars);
        _origins.AsSpan(0, Length).CopyTo(origins);
        Dispose();
        (_chars, _origins) = (chars, origins);
    }
}
