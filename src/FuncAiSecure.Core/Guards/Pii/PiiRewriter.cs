using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>Carries out the actions of a policy on the finds in one text.</summary>
internal static class PiiRewriter
{
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>
    /// The text with every find treated as the policy says, or null where none changes it. Finds whose action needs a key that
    /// is not there must have been refused before.
    /// </summary>
    public static string? Rewrite(string text, IReadOnlyList<PiiSpan> spans, PiiActions actions, GuardKeys? keys)
    {
        StringBuilder? rewritten = null;
        Dictionary<(PiiKind Kind, string Value), string>? numbered = null;
        int[]? counts = null;
        int at = 0;
        foreach (PiiSpan span in spans)
        {
            string? instead = actions[span.Kind] switch
            {
                PiiAction.Mask => Mask(text.AsSpan(span.Start, span.Length)),
                PiiAction.Redact => Placeholder(span, text, numbered ??= [], counts ??= new int[PiiKinds.All.Length]),
                PiiAction.Pseudonymise => Pseudonym(keys!, span.Kind, text.AsSpan(span.Start, span.Length)),
                PiiAction.Tokenize => PiiTokens.Protect(keys!, span.Kind, text.AsSpan(span.Start, span.Length)),
                _ => null,
            };
            if (instead is not null)
            {
                _ = (rewritten ??= new StringBuilder(text.Length)).Append(text.AsSpan(at, span.Start - at)).Append(instead);
                at = span.End;
            }
        }

        return rewritten?.Append(text.AsSpan(at)).ToString();
    }

    private static string Mask(ReadOnlySpan<char> value)
    {
        Span<char> masked = value.Length <= 256 ? stackalloc char[value.Length] : new char[value.Length];
        for (int i = 0; i < value.Length; i++)
        {
            // Any other sign may have been read as a letter or digit.
            masked[i] = char.IsAscii(value[i]) ? char.IsAsciiLetterOrDigit(value[i]) ? '*' : value[i] : char.IsWhiteSpace(value[i]) ? value[i] : '*';
        }

        return masked.ToString();
    }

    /// <summary>The same value has the same number within a text.</summary>
    private static string Placeholder(PiiSpan span, string text, Dictionary<(PiiKind, string), string> numbered, int[] counts)
    {
        string value = text.Substring(span.Start, span.Length).ToUpperInvariant();
        if (!numbered.TryGetValue((span.Kind, value), out string? placeholder))
        {
            numbered[(span.Kind, value)] = placeholder = $"[{PiiKinds.NameOf(span.Kind)}_{++counts[(int)span.Kind]}]";
        }

        return placeholder;
    }

    /// <summary>HMAC-SHA256 over kind and value in one case, cut to 80 bits: stable for a deployment, meaningless elsewhere.</summary>
    private static string Pseudonym(GuardKeys keys, PiiKind kind, ReadOnlySpan<char> value)
    {
        byte[] message = Encoding.UTF8.GetBytes(PiiKinds.NameOf(kind) + "\0" + value.ToString().ToUpperInvariant());
        Span<byte> hash = stackalloc byte[32];
        _ = HMACSHA256.HashData(keys.Pseudonyms, message, hash);
        CryptographicOperations.ZeroMemory(message);
        Span<char> name = stackalloc char[16];
        for (int i = 0; i < name.Length; i++)
        {
            int bit = i * 5, pair = (hash[bit / 8] << 8) | hash[(bit / 8) + 1];
            name[i] = Base32[(pair >> (11 - (bit % 8))) & 31];
        }

        return $"[{PiiKinds.NameOf(kind)}:{name}]";
    }
}
