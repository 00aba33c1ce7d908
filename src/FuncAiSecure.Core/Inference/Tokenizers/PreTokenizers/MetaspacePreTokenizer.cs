using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;

/// <summary>When a metaspace is put in front of a text.</summary>
internal enum PrependScheme
{
    First,
    Never,
    Always,
}

/// <summary>SentencePiece's way: a space becomes a visible character that belongs to the word behind it.</summary>
internal sealed class MetaspacePreTokenizer(char replacement, PrependScheme scheme, bool cut) : IPreTokenizer
{
    /// <inheritdoc />
    public void Apply(SplitText split)
    {
        split.Rewrite((index, piece, target) =>
        {
            var start = target.Length;
            var chars = split.CharsOf(piece);
            var first = split.Text.StartOf(piece.Start);
            var prepends = scheme is PrependScheme.Always || (scheme is PrependScheme.First && first == 0);
            if (prepends && chars[0] != ' ' && chars[0] != replacement)
            {
                target.Append(new Rune(replacement), first, split.Text.EndOf(piece.Start));
            }

            var at = piece.Start;
            foreach (var rune in chars.EnumerateRunes())
            {
                var end = split.Text.EndOf(at + rune.Utf16SequenceLength - 1);
                target.Append(rune.Value == ' ' ? new Rune(replacement) : rune, split.Text.StartOf(at), end);
                at += rune.Utf16SequenceLength;
            }
        });

        if (cut)
        {
            new CharClassPreTokenizer(rune => rune.Value == replacement, SplitBehavior.MergedWithNext).Apply(split);
        }
    }
}
