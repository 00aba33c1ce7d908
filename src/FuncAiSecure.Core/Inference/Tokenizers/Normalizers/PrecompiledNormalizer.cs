using System.Globalization;
using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's rewriting by a map that the file brings along: what people see as one character is looked up as a whole where it is
/// short, else code point by code point. Every new code point stands for all that it replaced.
/// </summary>
internal sealed class PrecompiledNormalizer(CharacterMap map) : INormalizer
{
    // The reference looks up no longer ones as a whole.
    private const int MostBytes = 5;

    /// <inheritdoc />
    public void Apply(TokenText text)
    {
        var target = TokenText.Empty(text.Length + 8);
        var chars = text.Chars;
        for (int at = 0, end; at < chars.Length; at = end)
        {
            end = at + StringInfo.GetNextTextElementLength(chars[at..]);
            if (!TryReplace(text, at, end, target))
            {
                foreach (var rune in chars[at..end].EnumerateRunes())
                {
                    var next = at + rune.Utf16SequenceLength;
                    if (!TryReplace(text, at, next, target))
                    {
                        target.Append(rune, text.StartOf(at), text.EndOf(next - 1));
                    }

                    at = next;
                }
            }
        }

        text.Take(target);
    }

    private bool TryReplace(TokenText text, int start, int end, TokenText target)
    {
        Span<byte> bytes = stackalloc byte[MostBytes];
        if (!Encoding.UTF8.TryGetBytes(text.Chars[start..end], bytes, out var length) || !map.TryFind(bytes[..length], out var replacement))
        {
            return false;
        }

        while (Rune.DecodeFromUtf8(replacement, out var rune, out var taken) is System.Buffers.OperationStatus.Done)
        {
            target.Append(rune, text.StartOf(start), text.EndOf(end - 1));
            replacement = replacement[taken..];
        }

        return true;
    }
}
