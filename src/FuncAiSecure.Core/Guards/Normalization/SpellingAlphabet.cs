using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Reads words of the radiotelephony spelling alphabet (ICAO, NATO) as the letters that they stand for.</summary>
internal static class SpellingAlphabet
{
    private const int LeastLetters = 6;
    private const int MostLetters = 4_096;

    /// <summary>By letter; <see cref="WordAt"/> knows the other spellings of four of them.</summary>
    private static readonly string[] Words =
    [
        "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett", "kilo", "lima", "mike",
        "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey", "xray", "yankee", "zulu",
    ];

    /// <summary>Decodes from the start of <paramref name="text"/>; returns how many chars were read (0: not such words).</summary>
    public static int Decode(ReadOnlySpan<char> text, out string? decoded)
    {
        decoded = null;
        StringBuilder? said = null;
        int at = 0, last = 0, letters = 0;
        while (at < text.Length && letters < MostLetters && WordAt(text[at..]) is > 0 and int length)
        {
            said ??= new StringBuilder();
            _ = said.Append(char.ToLowerInvariant(text[at]));
            letters++;
            at = last = at + length;
            bool gap = false;
            for (; at < text.Length && !char.IsAsciiLetter(text[at]) && at - last < 4; at++)
            {
                gap |= text[at] is '/' or '|' or '\n' || (text[at] == ' ' && at > last && text[at - 1] == ' ');
            }

            _ = gap ? said.Append(' ') : said;
        }

        decoded = letters >= LeastLetters ? said!.ToString() : null;
        return decoded is null ? 0 : last;
    }

    private static int WordAt(ReadOnlySpan<char> text)
    {
        int letter = (text[0] | 0x20) - 'a';
        if (letter is < 0 or > 25)
        {
            return 0;
        }

        int length = 1;
        while (length < text.Length && length < 12 && (char.IsAsciiLetter(text[length]) || (letter == 23 && text[length] == '-')))
        {
            length++;
        }

        ReadOnlySpan<char> word = text[..length];
        return word.Equals(Words[letter], StringComparison.OrdinalIgnoreCase) || (letter, word.Length) switch
        {
            (0, _) => word.Equals("alpha", StringComparison.OrdinalIgnoreCase),
            (9, _) => word.Equals("juliet", StringComparison.OrdinalIgnoreCase),
            (22, _) => word.Equals("whisky", StringComparison.OrdinalIgnoreCase),
            (23, _) => word.Equals("x-ray", StringComparison.OrdinalIgnoreCase),
            _ => false,
        } ? length : 0;
    }
}
