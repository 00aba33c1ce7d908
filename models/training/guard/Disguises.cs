using System.Globalization;
using System.Text;

namespace FuncAiSecure.GuardTraining;

/// <summary>Writes a text in ways that a person or a model still reads and a filter of plain words does not. Deterministic.</summary>
internal static class Disguises
{
    private const string Latin = "aceijopsxyABCEHIKMOPTXY";
    private const string Alike = "асеіјорѕхуАВСЕНІКМОРТХУ";

    /// <summary>Every disguise by name.</summary>
    public static IReadOnlyList<(string Name, Func<string, string> Write)> All { get; } =
    [
        ("zero width", t => Between(t, "\u200B")),
        ("look-alikes", t => Each(t, c => Latin.IndexOf(c, StringComparison.Ordinal) is >= 0 and int at ? Alike[at] : c)),
        ("letters only drawn alike", t => Each(t, c => char.ToLowerInvariant(c) switch { 'n' => 'И', 'r' => 'Я', 'w' => 'Ш', 'e' => 'Э', 'k' => 'κ', 't' => 'τ', _ => c })),
        ("full width", t => Each(t, c => c is > ' ' and <= '~' ? (char)(c + 0xFEE0) : c)),
        ("stacked marks", t => Between(t, "\u0336\u0301")),
        ("base64", t => Convert.ToBase64String(Encoding.UTF8.GetBytes(t))),
        ("hex", t => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(t))),
        ("percent", t => string.Concat(Encoding.UTF8.GetBytes(t).Select(b => "%" + b.ToString("X2", CultureInfo.InvariantCulture)))),
        ("tag characters", t => "Hello." + string.Concat(t.Where(c => c is >= ' ' and <= '~').Select(c => char.ConvertFromUtf32(0xE0000 + c)))),
        ("backwards", t => new string([.. t.Reverse()])),
        ("rot13", t => Each(t, c => char.IsAsciiLetter(c) ? (char)((c & 0x60) + 1 + (((c & 0x1F) + 12) % 26)) : c)),
        ("digits for letters", t => Each(t, c => "aeiostAEIOST".IndexOf(c, StringComparison.Ordinal) is >= 0 and int at ? "431057"[at % 6] : c)),
        ("letter by letter", t => string.Join("   ", Words(t).Select(w => string.Join(' ', w.AsEnumerable())))),
        ("letter by letter without word gaps", t => string.Join(' ', Words(t).SelectMany(w => w))),
        ("letters with hyphens", t => string.Join(' ', Words(t).Select(w => string.Join('-', w.AsEnumerable())))),
        ("a letter a line", t => string.Join("\n\n", Words(t).Select(w => string.Join('\n', w.AsEnumerable())))),
        ("pictures for blanks", t => string.Join("😀", Words(t))),
        ("no blanks", t => string.Concat(Words(t))),
        ("capitals for blanks", t => string.Concat(Words(t).Select(w => char.ToUpperInvariant(w[0]) + w[1..].ToLowerInvariant()))),
        ("underscores for blanks", t => string.Join('_', Words(t))),
        ("tags inside words", t => string.Join(' ', Words(t).Select(w => w.Length > 3 ? w[..2] + "<b></b>" + w[2..] : w))),
        ("blanks inside words", t => string.Join(' ', Words(t).Select(w => w.Length > 4 ? w[..(w.Length / 2)] + " " + w[(w.Length / 2)..] : w))),
        ("two letters of each word swapped", t => string.Join(' ', Words(t).Select(w => w.Length > 3 ? w[..(w.Length / 2)] + w[(w.Length / 2) + 1] + w[w.Length / 2] + w[((w.Length / 2) + 2)..] : w))),
        ("a letter of each word left out", t => string.Join(' ', Words(t).Select(w => w.Length > 4 ? w[..(w.Length / 2)] + w[((w.Length / 2) + 1)..] : w))),
        ("another letter in each word", t => string.Join(' ', Words(t).Select(w => w.Length > 4 ? w[..(w.Length / 2)] + "x" + w[((w.Length / 2) + 1)..] : w))),
        ("a letter of each word twice", t => string.Join(' ', Words(t).Select(w => w.Length > 3 ? w[..(w.Length / 2)] + w[(w.Length / 2) - 1] + w[(w.Length / 2)..] : w))),
        ("every letter twice", t => string.Concat(t.Select(c => char.IsAsciiLetter(c) ? new string(c, 2) : c.ToString()))),
        ("asterisks for a letter", t => string.Join(' ', Words(t).Select(w => w.Length > 3 ? w[..1] + "*" + w[2..] : w))),
        ("Caesar's cipher", t => Each(t, c => char.IsAsciiLetter(c) ? (char)((c & 0x60) + 1 + (((c & 0x1F) + 2) % 26)) : c)),
        ("the alphabet backwards", t => Each(t, c => char.IsAsciiLetter(c) ? (char)((c & 0x60) + 27 - (c & 0x1F)) : c)),
        ("base64 of UTF-16", t => Convert.ToBase64String(Encoding.Unicode.GetBytes(t))),
        ("base64 in lines", t => Convert.ToBase64String(Encoding.UTF8.GetBytes(t), Base64FormattingOptions.InsertLineBreaks)),
        ("percent twice", t => string.Concat(Encoding.UTF8.GetBytes(t).Select(b => "%25" + b.ToString("X2", CultureInfo.InvariantCulture)))),
        ("quoted-printable", t => string.Concat(Encoding.UTF8.GetBytes(t).Select(b => "=" + b.ToString("X2", CultureInfo.InvariantCulture)))),
        ("octal escapes", t => string.Concat(Encoding.UTF8.GetBytes(t).Select(b => "\\" + Convert.ToString(b, 8).PadLeft(3, '0')))),
        ("code points", t => string.Join(' ', t.EnumerateRunes().Select(r => "U+" + r.Value.ToString("X4", CultureInfo.InvariantCulture)))),
        ("mixed languages", MixedLanguages.Write),
    ];

    /// <summary>Prints how much of about 400 attacks and 400 harmless texts is flagged, as they are and in every disguise.</summary>
    public static void Print(IReadOnlyList<bool> isAttack, IReadOnlyList<string> texts, Func<int, string, bool> flagged)
    {
        int[] attacks = Some(attack: true), harmless = Some(attack: false);
        double plain = Share(attacks, t => t);
        Console.WriteLine($"{attacks.Length} attacks as they are: {plain:F3} flagged; {harmless.Length} harmless texts: {Share(harmless, t => t):F3}");
        foreach ((string name, Func<string, string> write) in All)
        {
            double share = Share(attacks, write);
            Console.WriteLine($"  {name,-36} {share:F3} flagged, {share / plain:F3} of plain; harmless {Share(harmless, write):F3}");
        }

        int[] Some(bool attack)
        {
            int[] all = [.. Enumerable.Range(0, texts.Count).Where(i => isAttack[i] == attack)];
            return [.. all.Where((_, k) => k % Math.Max(1, all.Length / 400) == 0)];
        }

        double Share(int[] which, Func<string, string> write) => which.Average(i => flagged(i, write(texts[i])) ? 1.0 : 0);
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Each(string text, Func<char, char> write) => string.Concat(text.Select(write));

    private static string Between(string text, string sign)
    {
        StringBuilder written = new();
        foreach (char c in text)
        {
            _ = written.Append(c);
            _ = char.IsLetter(c) ? written.Append(sign) : written;
        }

        return written.ToString();
    }
}
