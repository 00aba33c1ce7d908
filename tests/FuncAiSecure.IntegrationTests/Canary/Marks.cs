using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace FuncAiSecure.IntegrationTests.Canary;

/// <summary>Texts that must be found nowhere once they were sent, each named by the place where it was put.</summary>
internal sealed class Marks
{
    private readonly ConcurrentQueue<(string Place, string Text)> _all = [];

    public IEnumerable<(string Place, string Text)> All => _all;

    /// <summary>A new one: small letters and digits only, so that it passes wherever a name may stand.</summary>
    public string New(string place)
    {
        var text = "cnry" + RandomNumberGenerator.GetHexString(20, lowercase: true);
        _all.Enqueue((place, text));
        return text;
    }

    /// <summary>A number that a float holds exactly.</summary>
    public string NewNumber(string place)
    {
        var text = FormattableString.Invariant($"{RandomNumberGenerator.GetInt32(1000, 10_000)}.015625");
        _all.Enqueue((place, text));
        return text;
    }

    /// <summary>A secret that is one already; its parts count as well.</summary>
    public string Add(string place, string secret)
    {
        _all.Enqueue((place, secret));
        _all.Enqueue((place + ", its beginning", secret[..20]));
        _all.Enqueue((place + ", its end", secret[^20..]));
        return secret;
    }

    /// <summary>How the text may lie in a file: as UTF-8, as UTF-16, or inside base64 of something larger, at each of three offsets.</summary>
    public static IEnumerable<byte[]> Spellings(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        yield return bytes;
        yield return Encoding.Unicode.GetBytes(text);
        for (var offset = 0; offset < 3; offset++)
        {
            // Digits that also hold bits of neighbours are left out at both ends.
            var digits = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            var from = (offset * 8 + 5) / 6;
            yield return Encoding.ASCII.GetBytes(digits[from..((offset + bytes.Length) * 8 / 6)]);
        }
    }
}
