using System.Buffers;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>One word of a view.</summary>
/// <param name="Start">First char in the view.</param>
/// <param name="Length">Number of chars.</param>
/// <param name="Hash">Hash of the chars, the same in training and serving.</param>
/// <param name="Concepts">What it means.</param>
internal readonly record struct Token(int Start, int Length, uint Hash, Concepts Concepts);

/// <summary>
/// The words of a view: runs of letters and digits, an apostrophe inside allowed; in scripts without blanks known words, else
/// single signs. Pooled; holds positions and hashes, no text.
/// </summary>
internal sealed class TokenList : IDisposable
{
    private const int LongestWord = 40;
    private Token[] _tokens = ArrayPool<Token>.Shared.Rent(256);

    /// <summary>Number of words.</summary>
    public int Count { get; private set; }

    /// <summary>The words.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Replaces the content by the words of <paramref name="view"/>.</summary>
    public void Read(ReadOnlySpan<char> view)
    {
        ConceptLexicon lexicon = ConceptLexicon.Shared;
        Count = 0;
        for (int at = 0; at < view.Length;)
        {
            char c = view[at];
            if (ConceptLexicon.IsRunScript(c))
            {
                int known = lexicon.FindInRun(view[at..Math.Min(view.Length, at + 8)], out Concepts meant);
                at += Add(view, at, Math.Max(known, 1), meant);
            }
            else if (IsWord(c))
            {
                int end = at + 1;
                while (end < view.Length && end - at < LongestWord && (IsWord(view[end]) || (view[end] is '\'' or '’' && end + 1 < view.Length && IsWord(view[end + 1]))))
                {
                    end++;
                }

                ReadOnlySpan<char> word = view[at..end];
                Concepts meant = lexicon.Find(word);
                int second = end + 1;
                while (second < view.Length && second - end < 12 && IsWord(view[second]))
                {
                    second++;
                }

                meant |= end < view.Length && view[end] == ' ' ? lexicon.FindPair(word, view[at..second]) : Concepts.None;
                at += Add(view, at, end - at, meant);
            }
            else
            {
                at++;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<Token>.Shared.Return(Interlocked.Exchange(ref _tokens, []));

    /// <summary>FNV-1a over UTF-16 units, finished by a mix; the hash of a word wherever it stands.</summary>
    internal static uint HashOf(ReadOnlySpan<char> word)
    {
        uint hash = 2166136261;
        foreach (char c in word)
        {
            hash = (hash ^ c) * 16777619;
        }

        return Mix(hash);
    }

    /// <summary>Spreads every bit over all (the finalizer of MurmurHash3).</summary>
    internal static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c == '_'
        || (c >= '\u0300' && System.Globalization.CharUnicodeInfo.GetUnicodeCategory(c) is
            System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark);

    private int Add(ReadOnlySpan<char> view, int at, int length, Concepts meant)
    {
        if (Count == _tokens.Length)
        {
            Token[] larger = ArrayPool<Token>.Shared.Rent(Count * 2);
            Tokens.CopyTo(larger);
            ArrayPool<Token>.Shared.Return(_tokens);
            _tokens = larger;
        }

        _tokens[Count++] = new Token(at, length, HashOf(view.Slice(at, length)), meant);
        return length;
    }
}
