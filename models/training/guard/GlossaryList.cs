using System.Text;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Guards.Injection;
using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.GuardTraining;

/// <summary>
/// The word lists of the glossary: a file a language, a line "english: form form stem*" an English word of words.txt, "#" a comment, "_" a
/// blank between two words that mean it together. A word that means itself is kept from other languages' lists. Forms are folded as texts are.
/// </summary>
internal sealed class GlossaryList
{
    /// <summary>Where lists disagree on a word, the language of more texts in the world goes first; the others follow by name.</summary>
    private static readonly string[] First = ["en", "es", "de", "fr", "pt", "it", "nl", "ru", "pl", "tr", "ar", "zh", "ja"];

    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _stems = new(StringComparer.Ordinal);

    private GlossaryList()
    {
    }

    /// <summary>English words by the folded words, or pairs of words with a blank between, that mean them.</summary>
    public IReadOnlyDictionary<string, string> Words => _words;

    /// <summary>English words by the folded beginnings of words that mean them.</summary>
    public IReadOnlyDictionary<string, string> Stems => _stems;

    /// <summary>Reads a folder of lists.</summary>
    /// <exception cref="InvalidDataException">A line is not of this form, or its English word is not one of words.txt.</exception>
    public static GlossaryList Read(string folder)
    {
        GlossaryList list = new();
        string[] files = Directory.GetFiles(folder, "*.txt");
        foreach (string path in files.OrderBy(Place).ThenBy(p => p, StringComparer.Ordinal))
        {
            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                if (line.Length > 0 && line[0] != '#' && list.Fault(line) is { } fault)
                {
                    throw new InvalidDataException($"{Path.GetFileName(path)}:{number}: {fault}");
                }
            }
        }

        list.AddListedWords();
        return list;
    }

    private static int Place(string path) => Array.IndexOf(First, Path.GetFileNameWithoutExtension(path)) is >= 0 and int at ? at : First.Length;

    private string? Fault(string line)
    {
        string[] parts = line.Split(':');
        if (parts.Length != 2)
        {
            return "it is not \"english: form form …\"";
        }

        string english = parts[0];
        if (CommonWords.Shared.RankOf(english) < 0 && parts[1].Trim() != english)
        {
            return $"{english} is not in words.txt";
        }

        foreach (string form in parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string folded = Folded(form.TrimEnd('*').Replace('_', ' '));
            if (folded.Length == 0 || folded.Count(c => c == ' ') > 1 || form.TrimEnd('*').Contains('*', StringComparison.Ordinal))
            {
                return $"{form} is not a word, a stem* or two_words";
            }

            // Endings grow on Korean words without a blank, so each of them is a stem.
            bool stem = form.EndsWith('*') || (folded[0] is >= '\uAC00' and <= '\uD7A3' && folded.Length > 1);
            if (stem && folded.Length > Glossary.LongestStem)
            {
                return $"{form} is longer than {Glossary.LongestStem} signs, the longest stem";
            }

            _ = (stem ? _stems : _words).TryAdd(folded, english);
        }

        return null;
    }

    /// <summary>The list of common words holds words of other languages; those that a stem covers are listed as whole words, because only those win over it.</summary>
    private void AddListedWords()
    {
        foreach (string word in Encoding.ASCII.GetString(EmbeddedFile.Read("Guards.words.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            for (int length = word.Length; length > 1; length--)
            {
                if (_stems.TryGetValue(word[..length], out string? english))
                {
                    _ = _words.TryAdd(word, english);
                    break;
                }
            }
        }
    }

    private static string Folded(string form)
    {
        using TextViews views = TextNormalizer.Create(form);
        return views.Chars(views.Views[0]).ToString();
    }
}
