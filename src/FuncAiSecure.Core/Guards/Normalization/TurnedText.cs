using System.Collections.Frozen;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Turns a text back that was written backwards, word order reversed, or through rot13, where common words betray it.</summary>
internal static class TurnedText
{
    private const int MostChars = 8_192;
    private const int ProbeWords = 200;

    private static readonly string[] Common =
    [
        "the", "and", "you", "your", "all", "are", "not", "this", "that", "with", "from", "now", "what", "how", "tell", "give", "show",
        "ignore", "instructions", "previous", "system", "prompt", "rules", "write", "print", "repeat", "reveal", "forget", "without",
        "have", "for", "any", "will", "must", "password", "secret", "everything", "above", "before", "pretend", "answer", "please",
        "make", "bomb", "hack", "disregard", "act", "can", "safety", "restrictions", "output", "is", "of", "to", "my", "me",
    ];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Backward =
        Common.Select(w => new string([.. w.Reverse()])).Except(Common).ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Rotated =
        Common.Select(w => string.Concat(w.Select(Rotate))).Except(Common).ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Forward =
        Common.ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The text turned back, or null where it reads forward already.</summary>
    public static string? Read(ReadOnlySpan<char> folded)
    {
        (int words, int forward, int backward, int rotated) = Probe(folded);
        int least = Math.Max(2, words / 14);
        folded = folded[..Math.Min(folded.Length, MostChars)];
        if (backward >= least && backward > forward)
        {
            return string.Create(folded.Length, folded, static (to, from) =>
            {
                from.CopyTo(to);
                to.Reverse();
            });
        }

        return rotated >= least && rotated > forward
            ? string.Create(folded.Length, folded, static (to, from) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = Rotate(from[i]);
                }
            })
            : null;
    }

    private static (int Words, int Forward, int Backward, int Rotated) Probe(ReadOnlySpan<char> text)
    {
        int words = 0, forward = 0, backward = 0, rotated = 0;
        for (int at = 0; at < text.Length && words < ProbeWords;)
        {
            int length = 0;
            while (at + length < text.Length && char.IsAsciiLetter(text[at + length]))
            {
                length++;
            }

            if (length is > 1 and < 16)
            {
                ReadOnlySpan<char> word = text.Slice(at, length);
                words++;
                forward += Forward.Contains(word) ? 1 : 0;
                backward += Backward.Contains(word) ? 1 : 0;
                rotated += Rotated.Contains(word) ? 1 : 0;
            }

            at += length + 1;
        }

        return (words, forward, backward, rotated);
    }

    private static char Rotate(char c) => c switch
    {
        >= 'a' and <= 'z' => (char)('a' + ((c - 'a' + 13) % 26)),
        >= 'A' and <= 'Z' => (char)('A' + ((c - 'A' + 13) % 26)),
        _ => c,
    };
}
