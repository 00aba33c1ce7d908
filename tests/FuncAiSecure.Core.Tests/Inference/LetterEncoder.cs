using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Tests.Inference;

/// <summary>One token a letter: 1 at the start, 3 + place in the alphabet, 2 at the end (and after the first text of a pair).</summary>
internal sealed class LetterEncoder : ITextEncoder
{
    public int PadId => 0;

    public int PadTypeId => 0;

    public TextEncoding Encode(string text, string? pair)
    {
        List<int> ids = [1];
        List<int> types = [0];
        List<(int, int)> offsets = [(0, 0)];
        List<bool> special = [true];
        Append(text, 0);
        if (pair is not null)
        {
            Append(pair, 1);
        }

        return new TextEncoding { Ids = [.. ids], TypeIds = [.. types], Offsets = [.. offsets], Special = [.. special], FullCount = ids.Count };

        void Append(string letters, int type)
        {
            for (var at = 0; at <= letters.Length; at++)
            {
                ids.Add(at == letters.Length ? 2 : 3 + letters[at] - 'a');
                types.Add(type);
                offsets.Add(at == letters.Length ? (0, 0) : (at, at + 1));
                special.Add(at == letters.Length);
            }
        }
    }

    public TextEncoding EncodeTruncated(string text, string? pair, int maxTokens, bool fromLeft)
    {
        var full = Encode(text, pair);
        var cut = Encode(text[..(maxTokens - 2)], null);
        return new TextEncoding { Ids = cut.Ids, TypeIds = cut.TypeIds, Offsets = cut.Offsets, Special = cut.Special, FullCount = full.Count };
    }
}

internal sealed class LetterEncoderFactory : ITextEncoderFactory
{
    public ITextEncoder Create(TokenizerSpec tokenizer, ReadOnlyMemory<byte> file) => new LetterEncoder();
}
