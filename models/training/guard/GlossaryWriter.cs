using System.Runtime.InteropServices;
using System.Text;
using FuncAiSecure.Core.Guards.Injection;

namespace FuncAiSecure.GuardTraining;

/// <summary>
/// Writes glossary.bin, which <see cref="Glossary"/> reads: a line of English words, then for the first two signs of runs without blanks how long the
/// longest word is, then keys and numbers of English words, an open hash table of four slots for three keys. Little-endian.
/// </summary>
internal static class GlossaryWriter
{
    public static byte[] Write(GlossaryList list)
    {
        string[] english = [.. list.Words.Values.Concat(list.Stems.Values).Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, ushort> numbers = english.Select((word, number) => (word, number)).ToDictionary(w => w.word, w => (ushort)w.number, StringComparer.Ordinal);
        byte[] longestRun = new byte[1 << 16];
        Dictionary<uint, ushort> table = [];
        foreach ((string form, string word) in list.Words)
        {
            _ = table.TryAdd(Glossary.KeyOf(WordHash.Of(form)), numbers[word]);
            if (form.IndexOf(' ', StringComparison.Ordinal) is > 0 and int blank)
            {
                _ = table.TryAdd(Glossary.FirstOfPairKeyOf(WordHash.Of(form.AsSpan(0, blank))), 0);
            }
            else if (form.Length is > 1 and <= ConceptLexicon.LongestInRun && ConceptLexicon.IsRunScript(form[0]))
            {
                ref byte longest = ref longestRun[ConceptLexicon.FirstTwo(form)];
                longest = Math.Max(longest, (byte)form.Length);
            }
        }

        foreach ((string stem, string word) in list.Stems)
        {
            _ = table.TryAdd(Glossary.StemKeyOf(WordHash.Of(stem)), numbers[word]);
        }

        int slots = (table.Count * 4 / 3) + 1;
        uint[] keys = new uint[slots];
        ushort[] values = new ushort[slots];
        foreach ((uint key, ushort number) in table.OrderBy(e => e.Key))
        {
            int slot = Glossary.SlotOf(key, slots);
            while (keys[slot] != 0)
            {
                slot = slot + 1 == slots ? 0 : slot + 1;
            }

            (keys[slot], values[slot]) = (key, number);
        }

        return [.. Encoding.ASCII.GetBytes(string.Join(' ', english) + "\n"), .. longestRun, .. MemoryMarshal.AsBytes<uint>(keys), .. MemoryMarshal.AsBytes<ushort>(values)];
    }
}
