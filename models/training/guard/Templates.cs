using System.Text;

namespace FuncAiSecure.GuardTraining;

/// <summary>
/// Writes examples from sentence templates of our own. A line "=slot: a|b" defines a slot for all files, "+ …" is an attack, "- …" harmless; in a
/// sentence {slot} and [a|b] are replaced by one of their choices, drawn by a fixed random sequence.
/// </summary>
internal static class Templates
{
    /// <exception cref="InvalidDataException">A line is not of this form; the message tells its file and number.</exception>
    public static List<(string Text, bool IsAttack, string Language, string File)> Write(string folder, int perSentence, ulong seed)
    {
        List<(string, bool, string, string)> written = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        SplitMix random = new(seed);
        List<TemplateLine> lines = TemplateLine.ReadAll(folder);
        Dictionary<string, string[]> slots = lines.Where(l => l.Kind == '=').ToDictionary(l => l.SlotName, l => l.SlotText.Split('|'), StringComparer.Ordinal);
        foreach (TemplateLine line in lines.Where(l => l.Kind is '+' or '-'))
        {
            for (int i = 0; i < perSentence; i++)
            {
                string text = Tidy(Fill(line.Text[2..], slots, ref random));
                text = (random.Next() % 8) switch { 0 => text.ToLowerInvariant(), 1 => text.ToUpperInvariant(), 2 => text + ".", 3 => Capital(text) + "!", _ => Capital(text) };
                if (seen.Add(text))
                {
                    written.Add((text, line.Kind == '+', line.Language, line.File));
                }
            }
        }

        return written;
    }

    private static string Capital(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    private static string Tidy(string text)
    {
        text = text.Replace(" ,", ",", StringComparison.Ordinal).Replace(" .", ".", StringComparison.Ordinal).Replace(" ;", ";", StringComparison.Ordinal);
        return string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Fill(string sentence, Dictionary<string, string[]> slots, ref SplitMix random)
    {
        StringBuilder filled = new();
        for (int at = 0; at < sentence.Length;)
        {
            char c = sentence[at];
            int close = c == '{' ? sentence.IndexOf('}', at) : c == '[' ? Closing(sentence, at) : -1;
            if (close > at && (c == '[' || slots.ContainsKey(sentence[(at + 1)..close])))
            {
                string inner = sentence[(at + 1)..close];
                string[] choices = c == '{' ? slots[inner] : Choices(inner);
                _ = filled.Append(Fill(choices[(int)(random.Next() % (ulong)choices.Length)], slots, ref random));
                at = close + 1;
                continue;
            }

            _ = filled.Append(c);
            at++;
        }

        return filled.ToString();
    }

    private static int Closing(string sentence, int open)
    {
        int depth = 0;
        for (int at = open; at < sentence.Length; at++)
        {
            depth += sentence[at] == '[' ? 1 : sentence[at] == ']' ? -1 : 0;
            if (depth == 0)
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>Splits at bars outside inner brackets.</summary>
    private static string[] Choices(string inner)
    {
        List<string> choices = [];
        int depth = 0, from = 0;
        for (int at = 0; at <= inner.Length; at++)
        {
            if (at == inner.Length || (inner[at] == '|' && depth == 0))
            {
                choices.Add(inner[from..at]);
                from = at + 1;
                continue;
            }

            depth += inner[at] == '[' ? 1 : inner[at] == ']' ? -1 : 0;
        }

        return [.. choices];
    }
}
