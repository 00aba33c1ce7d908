using System.Buffers;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>
/// Secrets of Azure. Newer keys carry a mark at a fixed place, older ones have an exact form behind a name. Both may hold signs that part
/// words, so they are looked for by mark and name rather than at the start of words. Each is read a key's length ahead and back, no further.
/// </summary>
internal static class AzureScanner
{
    private const int MaxBlanks = 3;

    // A SHA-256 in base64, without its padding.
    private const int Signature = 43;

    private const string Digits = "0123456789";
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + Digits;

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphanumeric);
    private static readonly SearchValues<char> Standard = SearchValues.Create(Alphanumeric + "+/");
    private static readonly SearchValues<char> ForUrls = SearchValues.Create(Alphanumeric + "-_");
    private static readonly SearchValues<char> Either = SearchValues.Create(Alphanumeric + "+/-_");
    private static readonly SearchValues<char> InClientSecrets = SearchValues.Create(Alphanumeric + "-_.~");

    /// <summary>A mark, the signs of the key before and after it, the equals signs at the end, and what the key is made of.</summary>
    private static readonly (string Mark, int Before, int After, int Padding, SearchValues<char> Signs)[] Marked =
    [
        ("+ASt", 76, 6, 2, Standard), ("ACDb", 76, 6, 2, Standard), ("+ABa", 76, 6, 2, Standard), ("+AMC", 76, 6, 2, Standard), ("APIM", 76, 6, 2, Standard),
        ("+ARm", 33, 6, 1, Standard), ("+AEh", 33, 6, 1, Standard), ("+ASb", 33, 6, 1, Standard), ("AIoT", 33, 6, 1, Standard), ("AzCa", 33, 6, 1, Standard), ("AZEG", 33, 6, 1, Standard),
        ("+ACR", 42, 6, 0, Standard), ("AzSe", 42, 6, 0, Letters), ("AzFu", 44, 6, 2, ForUrls),
        ("JQQJ9", 52, 27, 0, Letters), ("JQQJ9", 52, 29, 2, Letters), ("AZDO", 76, 4, 0, Letters),
    ];

    /// <summary>A name, whether only of a URL's query, the signs and equals signs of the value, and what it is made of.</summary>
    private static readonly (string Name, bool InQuery, int Length, int Padding, SearchValues<char> Signs)[] Named =
    [
        ("AccountKey", false, 86, 2, Standard), ("account_key", false, 86, 2, Standard), ("account-key", false, 86, 2, Standard),
        ("SharedAccessKey", false, 43, 1, Standard), ("SharedAccessKey", false, 86, 2, Standard),
        ("x-functions-key", false, 54, 2, Either), ("code", true, 54, 2, Either),
    ];

    // In the spellings that are in use: to look for every one, or for marks whatever their capitals, takes several times as long on prose.
    private static readonly SearchValues<string> Anchors = SearchValues.Create(
        [
            .. Marked.Select(row => row.Mark.TrimStart('+')),
            "AccountKey", "accountKey", "accountkey", "account_key", "ACCOUNT_KEY", "account-key", "SharedAccessKey", "sharedAccessKey", "sharedaccesskey",
            "x-functions-key", "X-Functions-Key", "X-FUNCTIONS-KEY", "code=", "code%3", "sig=", "sig%3",
        ],
        StringComparison.Ordinal);

    /// <summary>The next place from <paramref name="at"/> on that <see cref="At"/> is to look at, or the text's end.</summary>
    public static int Next(ReadOnlySpan<char> text, int at)
    {
        int next = text[at..].IndexOfAny(Anchors);
        return next < 0 ? text.Length : at + next;
    }

    /// <summary>Takes the secret whose mark or name begins at <paramref name="at"/>.</summary>
    public static void At(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        ReadOnlySpan<char> rest = text[at..];
        foreach ((string mark, int before, int after, int padding, SearchValues<char> signs) in Marked)
        {
            bool plus = mark[0] == '+';
            if (rest.StartsWith(mark.AsSpan(plus ? 1 : 0), StringComparison.Ordinal) && (!plus || EscapedSigns.Previous(text, at, out _) == '+'))
            {
                int end = End(text, at + mark.Length - (plus ? 1 : 0), after, padding, signs);
                int start = end == 0 ? -1 : Start(text, at, before + (plus ? 1 : 0), signs);
                Add(start, end, sink);
            }
        }

        foreach ((string name, bool inQuery, int length, int padding, SearchValues<char> signs) in Named)
        {
            if (rest.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (!inQuery || BeginsParameter(text, at)))
            {
                int start = Value(text, at + name.Length);
                Add(start, start < 0 ? 0 : End(text, start, length, padding, signs), sink);
            }
        }

        if (rest.StartsWith("sig", StringComparison.OrdinalIgnoreCase))
        {
            AccessSignature(text, at, sink);
        }
    }

    /// <summary>An Entra client secret around the ~ at <paramref name="at"/>: three signs, a digit, Q~, 31 to 34 signs. A dot behind it is the sentence's.</summary>
    public static void ClientSecret(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        const int head = 5, least = 31, most = 34;
        int tail = at + 1, start = at - head;
        if (start < 0 || text[at - 1] != 'Q' || !char.IsAsciiDigit(text[at - 2]) || text[start..at].ContainsAnyExcept(InClientSecrets)
            || (start > 0 && (Standard.Contains(text[start - 1]) || text[start - 1] == '~')))
        {
            return;
        }

        ReadOnlySpan<char> rest = text[tail..Math.Min(text.Length, tail + most + 2)];
        int length = rest.IndexOfAnyExcept(InClientSecrets) is >= 0 and int other ? other : rest.Length;
        length -= length is > least and not most && rest[length - 1] == '.' ? 1 : 0;
        if (length is >= least and <= most && (tail + length == text.Length || text[tail + length] is not ('+' or '/')))
        {
            Add(start, tail + length, sink);
        }
    }

    private static void Add(int start, int end, PiiSink sink)
    {
        if (start >= 0 && end > start)
        {
            sink.Add(start, end - start, PiiKind.ApiKey, Certainty.Proof);
        }
    }

    /// <summary>sig=, the first or a later parameter of a shared access signature. A hash or a word has not all sorts of signs.</summary>
    private static void AccessSignature(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        int start = Value(text, at + "sig".Length), end = start;
        (bool upper, bool lower, bool digit) = (false, false, false);
        for (int i = 0; i < Signature && start >= 0; i++)
        {
            char sign = EscapedSigns.Next(text, end, out int length);
            if (!Either.Contains(sign))
            {
                return;
            }

            upper |= char.IsAsciiLetterUpper(sign);
            lower |= char.IsAsciiLetterLower(sign);
            digit |= char.IsAsciiDigit(sign);
            end += length;
        }

        if (!(upper && lower && digit))
        {
            return;
        }

        // Logic Apps leave the equals sign out.
        int padded = End(text, end, 0, 1, Either);
        end = padded > 0 ? padded : End(text, end, 0, 0, Either);
        if (end > 0 && (BeginsParameter(text, at) || EscapedSigns.Next(text, end, out _) == '&'))
        {
            Add(start, end, sink);
        }
    }

    private static bool BeginsParameter(ReadOnlySpan<char> text, int at) => EscapedSigns.Previous(text, at, out _) is '?' or '&' or ';';

    /// <summary>Where the value of a name that ends at <paramref name="at"/> begins, or -1: AccountKey=, "accountKey": ".</summary>
    private static int Value(ReadOnlySpan<char> text, int at)
    {
        at = Quote(text, at);
        at = Blanks(text, at);
        if (EscapedSigns.Next(text, at, out int length) is not ('=' or ':'))
        {
            return -1;
        }

        return Quote(text, Blanks(text, at + length));
    }

    private static int Quote(ReadOnlySpan<char> text, int at) => EscapedSigns.Next(text, at, out int length) is '"' or '\'' ? at + length : at;

    private static int Blanks(ReadOnlySpan<char> text, int at)
    {
        int end = at;
        while (end < text.Length && end - at < MaxBlanks && text[end] == ' ')
        {
            end++;
        }

        return end;
    }

    /// <summary>Where a key ends of which <paramref name="count"/> signs and the padding are left, or 0 if it goes on or is cut short.</summary>
    private static int End(ReadOnlySpan<char> text, int at, int count, int padding, SearchValues<char> signs)
    {
        for (int i = 0; i < count + padding; i++)
        {
            char sign = EscapedSigns.Next(text, at, out int length);
            if (i < count ? !signs.Contains(sign) : sign != '=')
            {
                return 0;
            }

            at += length;
        }

        char next = EscapedSigns.Next(text, at, out _);
        return next == '=' || signs.Contains(next) ? 0 : at;
    }

    /// <summary>Where a key begins with that many signs before <paramref name="at"/>, or -1 if there are fewer or more.</summary>
    private static int Start(ReadOnlySpan<char> text, int at, int count, SearchValues<char> signs)
    {
        int length;
        for (int i = 0; i < count; i++)
        {
            if (!signs.Contains(EscapedSigns.Previous(text, at, out length)))
            {
                return -1;
            }

            at -= length;
        }

        return signs.Contains(EscapedSigns.Previous(text, at, out length)) ? -1 : at;
    }
}
