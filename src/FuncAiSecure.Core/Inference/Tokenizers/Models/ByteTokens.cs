using System.Globalization;
using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers.Models;

/// <summary>The tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> that stand for bytes of what a vocabulary lacks.</summary>
internal static class ByteTokens
{
    /// <summary>Ids by byte; null if the vocabulary does not have all 256.</summary>
    public static int[]? Find(IReadOnlyDictionary<string, int> vocabulary)
    {
        var ids = new int[256];
        for (var value = 0; value < ids.Length; value++)
        {
            if (!vocabulary.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), out ids[value]))
            {
                return null;
            }
        }

        return ids;
    }

    /// <summary>Reports the id of every UTF-8 byte of <paramref name="rune"/>.</summary>
    public static void Add(Rune rune, int[] byteIds, Action<int> add)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var written = rune.EncodeToUtf8(utf8);
        for (var i = 0; i < written; i++)
        {
            add(byteIds[utf8[i]]);
        }
    }
}
