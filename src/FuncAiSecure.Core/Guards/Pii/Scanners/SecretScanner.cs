namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>API keys and tokens of known formats, private keys in PEM form, crypto currency addresses.</summary>
internal static class SecretScanner
{
    /// <summary>What the last line of a private key in PEM form begins with.</summary>
    public const string PemEnd = "-----END ";

    /// <summary>How many characters are taken for one key or token at most: a begin without an end withholds no more.</summary>
    public const int MaxLong = 16_384;

    private const int MaxLabel = 60;
    private const int MinRandom = 16;

    // Of a key's begin. What shows that it is one stands here.
    private const int MaxToProof = 512;
    private const int MaxBehindName = 96;

    // Of a token's first part. A text of first parts alone is read no further than this at each.
    private const int MaxHeader = 1_024;

    /// <summary>Prefix, and the least number of signs after it. One row a format.</summary>
    private static readonly (string Prefix, int Least)[] Formats =
    [
        ("fais_", 60), ("sk-ant-", 24), ("sk-proj-", 24), ("sk-", 20), ("sk_live_", 16), ("sk_test_", 16), ("rk_live_", 16), ("pk_live_", 16),
        ("ghp_", 36), ("gho_", 36), ("ghu_", 36), ("ghs_", 36), ("ghr_", 36), ("github_pat_", 22), ("glpat-", 20), ("xoxb-", 20), ("xoxp-", 20),
        ("xoxa-", 20), ("xoxs-", 20), ("xapp-", 20), ("AKIA", 16), ("ASIA", 16), ("AIza", 35), ("ya29.", 30), ("SG.", 40), ("npm_", 36), ("hf_", 30),
        ("dop_v1_", 60), ("shpat_", 32), ("pypi-", 60), ("dckr_pat_", 20), ("sq0atp-", 22), ("NRAK-", 27), ("lin_api_", 32), ("gsk_", 40), ("r8_", 30),
    ];

    /// <summary>A key or address whose word begins at <paramref name="at"/>. Returns its end, or 0.</summary>
    public static int At(ReadOnlySpan<char> text, int at, int wordEnd, PiiSink sink) =>
        Key(text, at, random: 0, sink) is > 0 and int end ? end
        : wordEnd - at is >= 26 and <= 64 ? Crypto(text[at..wordEnd], at, sink)
        : 0;

    /// <summary>A key behind a name and an underscore (my_ghp_...). Since the name may go on as a key begins, the key has a part that no name has.</summary>
    public static int BehindName(ReadOnlySpan<char> text, int at, PiiSink sink) => Key(text, at, MinRandom, sink);

    private static int Key(ReadOnlySpan<char> text, int at, int random, PiiSink sink) =>
        Prefixed(text, at, random, sink) is > 0 and int end ? end
        : text[at..].StartsWith("eyJ", StringComparison.Ordinal) ? Jwt(text, at, sink)
        : 0;

    /// <summary>A key with a known prefix, of which a part without hyphens and underscores has a digit and at least <paramref name="random"/> signs.</summary>
    private static int Prefixed(ReadOnlySpan<char> text, int at, int random, PiiSink sink)
    {
        // Each is read to its end, however long, so that no inner prefix may do so again.
        if (at < sink.KeyEnd)
        {
            return 0;
        }

        ReadOnlySpan<char> rest = text[at..];
        foreach ((string prefix, int least) in char.IsAsciiLetter(rest[0]) ? Formats : [])
        {
            if (rest[0] != prefix[0] || !rest.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            // A key has a digit. Looking for it first keeps chains of prefixes from being read anew at each.
            ReadOnlySpan<char> after = rest[prefix.Length..], near = after[..Math.Min(after.Length, random > 0 ? MaxBehindName : MaxToProof)];
            int digit = near.IndexOfAnyInRange('0', '9');
            if (digit < 0 || near[..digit].ContainsAnyExcept(InTokens))
            {
                continue;
            }

            int length = KeyLength(near);
            if (length >= least && length > digit && (random == 0 || HasRandomPart(near[..length], random)))
            {
                length = length + 1 >= near.Length ? KeyLength(after) : length;
                sink.KeyEnd = at + prefix.Length + length;
                sink.Add(at, prefix.Length + length, PiiKind.ApiKey, Certainty.Proof);
                return sink.KeyEnd;
            }
        }

        return 0;
    }

    private static bool HasRandomPart(ReadOnlySpan<char> key, int least)
    {
        foreach (Range part in key.SplitAny('_', '-', '.'))
        {
            if (key[part].Length >= least && key[part].ContainsAnyInRange('0', '9'))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A PEM private key that begins with the hyphens at <paramref name="at"/>. Returns its end, or 0.</summary>
    public static int Pem(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        const string begin = "-----BEGIN ", hyphens = "-----";
        ReadOnlySpan<char> rest = text[at..Math.Min(text.Length, at + MaxLong)];
        if (!rest.StartsWith(begin, StringComparison.Ordinal))
        {
            return 0;
        }

        // RSA PRIVATE KEY, PGP PRIVATE KEY BLOCK.
        ReadOnlySpan<char> label = rest[begin.Length..Math.Min(rest.Length, MaxLabel)];
        int stop = label.IndexOf(hyphens, StringComparison.Ordinal);
        if (stop < 0 || label[..stop].IndexOf("PRIVATE KEY", StringComparison.Ordinal) < 0)
        {
            return 0;
        }

        int close = rest.IndexOf(PemEnd, StringComparison.Ordinal);
        int after = close < 0 ? -1 : rest[(close + PemEnd.Length)..].IndexOf(hyphens, StringComparison.Ordinal);
        int length = after < 0 ? rest.Length : close + PemEnd.Length + after + hyphens.Length;
        sink.Add(at, length, PiiKind.PrivateKey, Certainty.Proof);
        return at + length;
    }

    private static int KeyLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length)
        {
            int other = text[length..].IndexOfAnyExcept(InKeys);
            length = other < 0 ? text.Length : length + other;
            if (length + 1 >= text.Length || text[length] != '.' || !char.IsAsciiLetterOrDigit(text[length + 1]))
            {
                break;
            }

            length++;
        }

        return length;
    }

    /// <summary>A JSON Web Token: three parts (RFC 7515), or five of an encrypted one (RFC 7516). A dot behind it is the sentence's.</summary>
    private static int Jwt(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        ReadOnlySpan<char> rest = text[at..Math.Min(text.Length, at + MaxLong)];
        int parts = 0, signed = 0, start = 0, end = 0;
        do
        {
            start = end == 0 ? 0 : end + 1;
            int other = rest[start..(parts == 0 ? Math.Min(rest.Length, MaxHeader) : rest.Length)].IndexOfAnyExcept(InKeys);
            end = other < 0 ? rest.Length : start + other;
            parts++;
            signed = parts == 3 ? end : signed;
        }
        while (parts < 5 && end < rest.Length && rest[end] == '.');

        int length = parts == 5 && end > start ? end : signed;
        if (length < 40)
        {
            return 0;
        }

        sink.Add(at, length, PiiKind.ApiKey, Certainty.Proof);
        return at + length;
    }

    private static int Crypto(ReadOnlySpan<char> word, int at, PiiSink sink)
    {
        bool found = word[0] switch
        {
            '1' or '3' => word.Length <= 35 && Checks.CryptoChecks.Base58Check(word),
            'b' or 'B' => word.Length >= 42 && word[..3].Equals("bc1", StringComparison.OrdinalIgnoreCase) && Checks.CryptoChecks.Bech32(word),
            '0' => word.Length == 42 && word[1] == 'x' && !word[2..].ContainsAnyExcept(Hex),
            _ => false,
        };
        if (!found)
        {
            return 0;
        }

        sink.Add(at, word.Length, PiiKind.CryptoAddress, Certainty.Proof);
        return at + word.Length;
    }

    private static readonly System.Buffers.SearchValues<char> InKeys =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private static readonly System.Buffers.SearchValues<char> InTokens =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
