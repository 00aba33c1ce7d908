using System.Buffers;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>One word of a view.</summary>
/// <param name="Start">First char in the view.</param>
/// <param name="Length">Number of chars.</param>
/// <param name="Hash">Hash of the word, or of the English word that it means; the same in training and serving.</param>
/// <param name="Concepts">What it means.</param>
/// <param name="Row">Its place in words.txt, or that of the English word that it means; -1 where it has none.</param>
internal readonly record struct Token(int Start, int Length, uint Hash, Concepts Concepts, int Row);

/// <summary>
/// The words of a view: runs of letters and digits, an apostrophe inside allowed; in scripts without blanks known words, else
/// single signs. Pooled; holds positions and hashes, no text.
/// </summary>
internal sealed class TokenList : IDisposable
{
    private const int LongestWord = 40;
    private const int LongestSecond = 12;
    private Token[] _tokens = ArrayPool<Token>.Shared.Rent(256);

    /// <summary>Number of words.</summary>
    public int Count { get; private set; }

    /// <summary>The words.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Replaces the content by the words of <paramref name="view"/>.</summary>
    public void Read(ReadOnlySpan<char> view)
    {
        Count = 0;
        for (int at = 0; at < view.Length;)
        {
            at += ConceptLexicon.IsRunScript(view[at]) ? AddFromRun(view, at) : IsWord(view[at]) ? AddWord(view, at) : 1;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<Token>.Shared.Return(Interlocked.Exchange(ref _tokens, []));

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c == '_'
        || (c >= '\u0300' && System.Globalization.CharUnicodeInfo.GetUnicodeCategory(c) is
            System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark);

    /// <summary>The longest word that a run without blanks begins with, of the lexicon or of the glossary, else one sign.</summary>
    private int AddFromRun(ReadOnlySpan<char> view, int at)
    {
        ReadOnlySpan<char> run = view[at..Math.Min(view.Length, at + ConceptLexicon.LongestInRun)];
        int known = ConceptLexicon.Shared.FindInRun(run, out Concepts meant), translated = Glossary.Shared.FindInRun(run, out int english);
        int length = Math.Max(1, Math.Max(known, translated));
        return Add(at, length, WordHash.Of(view.Slice(at, length)), known < length ? Concepts.None : meant, -1, translated < length ? -1 : english);
    }

    /// <summary>A word up to the next blank or mark; two words where the glossary has them together.</summary>
    private int AddWord(ReadOnlySpan<char> view, int at)
    {
        int end = at + 1;
        while (end < view.Length && end - at < LongestWord && (IsWord(view[end]) || (view[end] is '\'' or '’' && end + 1 < view.Length && IsWord(view[end + 1]))))
        {
            end++;
        }

        ReadOnlySpan<char> word = view[at..end];
        uint hash = WordHash.Of(word);
        Concepts meant = ConceptLexicon.Shared.Find(word);
        int row = MeantWord.RowOf(word), english = -1;
        if (end < view.Length && view[end] == ' ')
        {
            int second = end + 1;
            while (second < view.Length && second - end < LongestSecond && IsWord(view[second]))
            {
                second++;
            }

            meant |= ConceptLexicon.Shared.FindPair(word, view[at..second]);
            english = Glossary.Shared.BeginsPair(hash) ? Glossary.Shared.FindPair(view[at..second]) : -1;
            end = english >= 0 ? second : end;
        }

        return Add(at, end - at, hash, meant, row, english >= 0 ? english : Glossary.Shared.Find(word, hash, row));
    }

    private int Add(int at, int length, uint hash, Concepts meant, int row, int english)
    {
        if (Count == _tokens.Length)
        {
            Token[] larger = ArrayPool<Token>.Shared.Rent(Count * 2);
            Tokens.CopyTo(larger);
            ArrayPool<Token>.Shared.Return(_tokens);
            _tokens = larger;
        }

        Token token = new(at, length, hash, meant, row);
        if (english >= 0)
        {
            Glossary.EnglishWord word = Glossary.Shared[english];
            token = new(at, length, word.Hash, meant | word.Concepts, word.Row);
        }

        _tokens[Count++] = token;
        return length;
    }
}
