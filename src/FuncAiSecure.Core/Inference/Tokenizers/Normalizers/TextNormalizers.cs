using System.Text;
using FuncAiSecure.Core.Inference.Tokenizers.Patterns;
using FuncAiSecure.Core.Inference.Tokenizers.Unicode;

namespace FuncAiSecure.Core.Inference.Tokenizers.Normalizers;

/// <summary>One of the Unicode normalisation forms.</summary>
internal sealed class UnicodeFormNormalizer(bool compose, bool compatible) : INormalizer
{
    /// <inheritdoc />
    public void Apply(TokenText text)
    {
        if (compose)
        {
            Normalization.Compose(text, compatible);
        }
        else
        {
            Normalization.Decompose(text, compatible);
        }
    }
}

/// <summary>Removes white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    /// <inheritdoc />
    public void Apply(TokenText text)
    {
        var runes = text.ToRunes();
        if (right)
        {
            var kept = runes.Count;
            while (kept > 0 && Rune.IsWhiteSpace(new Rune(runes[kept - 1].Code)))
            {
                kept--;
            }

            runes.RemoveRange(kept, runes.Count - kept);
        }

        if (left)
        {
            var dropped = 0;
            while (dropped < runes.Count && Rune.IsWhiteSpace(new Rune(runes[dropped].Code)))
            {
                dropped++;
            }

            runes.RemoveRange(0, dropped);
        }

        text.Replace(runes);
    }
}

/// <summary>Puts a text in front, unless there is nothing to put it in front of.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    /// <inheritdoc />
    public void Apply(TokenText text)
    {
        if (text.Length == 0)
        {
            return;
        }

        var runes = text.ToRunes();
        var first = runes[0];
        runes.InsertRange(0, prefix.EnumerateRunes().Select(rune => new PlacedRune(rune.Value, first.Start, first.End)));
        text.Replace(runes);
    }
}

/// <summary>Replaces what a pattern matches; every new code point stands for the whole of what it replaced.</summary>
internal sealed class ReplaceNormalizer(RunePattern pattern, string content) : INormalizer
{
    /// <inheritdoc />
    public void Apply(TokenText text)
    {
        var matches = pattern.Matches(text.Chars);
        if (matches.Count == 0)
        {
            return;
        }

        var target = TokenText.Empty(text.Length + 8);
        var open = 0;
        foreach (var (start, end) in matches)
        {
            text.CopyTo(open, start, target);
            foreach (var rune in content.EnumerateRunes())
            {
                target.Append(rune, text.StartOf(start), text.EndOf(end - 1));
            }

            open = end;
        }

        text.CopyTo(open, text.Length, target);
        text.Take(target);
    }
}
