using System.Text.RegularExpressions;

namespace FuncAiSecure.GuardTraining;

/// <summary>One line of a file of own sentences: the first character tells its kind; see <see cref="Templates"/>.</summary>
/// <param name="Text">The whole line.</param>
/// <param name="Language">The language that the last "@xx" line of the file named.</param>
/// <param name="File">The file without its ending.</param>
internal sealed partial record TemplateLine(string Text, string Language, string File)
{
    /// <summary>'=' a slot, '+' an attack, '-' harmless, '@' the language of what follows, '#' a comment or nothing.</summary>
    public char Kind => Text.Length > 0 ? Text[0] : '#';

    /// <summary>The name of a slot.</summary>
    public string SlotName => Text[1..Text.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>The choices of a slot, with bars between them.</summary>
    public string SlotText => Text[(Text.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();

    /// <summary>All lines of a folder's files, in the order of the files' names.</summary>
    /// <exception cref="InvalidDataException">A line is malformed, names a slot that no file has, or is there twice.</exception>
    public static List<TemplateLine> ReadAll(string folder)
    {
        List<(TemplateLine Line, string Place)> lines = [];
        foreach (string path in Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal))
        {
            string file = Path.GetFileNameWithoutExtension(path), language = "";
            int number = 0;
            foreach (string text in System.IO.File.ReadLines(path))
            {
                language = text.StartsWith('@') ? text[1..] : language;
                lines.Add((new TemplateLine(text, language, file), $"{file}.txt:{++number}"));
            }
        }

        HashSet<string> slots = [.. lines.Where(l => l.Line.Kind == '=' && Slot().IsMatch(l.Line.Text)).Select(l => l.Line.SlotName)], seen = [];
        foreach ((TemplateLine line, string place) in lines)
        {
            if (line.Fault(slots) is { } fault)
            {
                throw new InvalidDataException($"{place}: {fault}");
            }

            string key = line.Kind == '=' ? line.SlotName : line.Text;
            if (line.Kind is '=' or '+' or '-' && !seen.Add(key))
            {
                throw new InvalidDataException($"{place}: it is there already");
            }
        }

        return lines.ConvertAll(l => l.Line);
    }

    private string? Fault(HashSet<string> slots) => Kind switch
    {
        '#' => null,
        '@' => LanguageName().IsMatch(Text) ? null : "no language after @",
        '=' => !Slot().IsMatch(Text) ? "no \"=name: choices\"" : FaultOfBrackets(mayHaveBars: true) ?? FaultOfSlots(slots),
        '+' or '-' => !Sentence().IsMatch(Text) ? "no blank and text after the sign"
            : Language.Length == 0 ? "no @language before it" : FaultOfBrackets(mayHaveBars: false) ?? FaultOfSlots(slots),
        _ => "it begins with none of = + - @ #",
    };

    private string? FaultOfBrackets(bool mayHaveBars)
    {
        int depth = 0;
        foreach (char c in Text)
        {
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (depth < 0 || (c == '|' && depth == 0 && !mayHaveBars))
            {
                return "a bracket or bar outside a choice";
            }
        }

        return depth == 0 ? null : "a bracket that nothing closes";
    }

    private string? FaultOfSlots(HashSet<string> slots)
    {
        Match? unknown = Named().Matches(Text).FirstOrDefault(name => !slots.Contains(name.Value[1..^1]));
        return unknown is null ? null : $"no file defines the slot {unknown.Value}";
    }

    [GeneratedRegex("^=[a-z0-9-]+: *[^ ].*$")]
    private static partial Regex Slot();

    [GeneratedRegex("^@[a-z]{2}$")]
    private static partial Regex LanguageName();

    [GeneratedRegex("^[+-] [^\\s].*$")]
    private static partial Regex Sentence();

    /// <summary>A slot's place in a sentence; braces around anything else stand for themselves.</summary>
    [GeneratedRegex("\\{[a-z0-9-]+\\}")]
    private static partial Regex Named();
}
