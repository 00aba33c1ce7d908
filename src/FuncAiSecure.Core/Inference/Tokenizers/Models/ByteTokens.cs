using System.Globalization;
using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers.Models;

/// <summary>The tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> that stand for bytes of what a vocabulary lacks.</summary>
internal static class ByteTokens
{
    private const int Missing = -1;

    /// <summary>Ids by byte; null if the vocabulary has none.</summary>
    public static int[]? Find(IReadOnlyDictionary<string, int> vocabulary)
    {
        var ids = new int[256];
        for (var value = 0; value < ids.Length; value++)
        {
            ids[value] = vocabulary.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), out var id) ? id : Missing;
        }

        return Array.TrueForAll(ids, id => id == Missing) ? null : ids;
    }

    /// <summary>Reports the id of every UTF-8 byte of <paramref name="text"/>; false, and nothing, if one of them has none.</summary>
    public static bool TryAdd(ReadOnlySpan<char> text, int[] byteIds, Action<int> add)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        if (Array.Exists(utf8, value => byteIds[value] == Missing))
        {
            return false;
        }

        foreach (var value in utf8)
        {
            add(byteIds[value]);
        }

        return true;
    }
}
