using System.Text;
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

/// <summary>Replaces one text by another; every new code point stands for the whole of what it replaced.</summary>
internal sealed class ReplaceNormalizer(string pattern, string content) : INormalizer
{
    /// <inheritdoc />
    public void Apply(TokenText text)
    {
        if (pattern.Length == 0 || text.Chars.IndexOf(pattern, StringComparison.Ordinal) < 0)
        {
            return;
        }

        var target = TokenText.Empty(text.Length + 8);
        var chars = text.Chars;
        for (var at = 0; at < chars.Length;)
        {
            if (chars[at..].StartsWith(pattern, StringComparison.Ordinal))
            {
                foreach (var rune in content.EnumerateRunes())
                {
                    target.Append(rune, text.StartOf(at), text.EndOf(at + pattern.Length - 1));
                }

                at += pattern.Length;
                continue;
            }

            Rune.DecodeFromUtf16(chars[at..], out var kept, out var size);
            target.Append(kept, text.StartOf(at), text.EndOf(at));
            at += size;
        }

        text.Take(target);
    }
}
