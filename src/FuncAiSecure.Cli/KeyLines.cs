using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Pii;

namespace FuncAiSecure.Cli;

/// <summary>Tells the lines of a private key of which only the first can be known by itself.</summary>
internal sealed class KeyLines
{
    private const string End = "-----END ";

    // As much as the guard itself takes for one key: a begin without an end withholds no more.
    private const int Most = 16_384;
    private int _left;

    /// <summary>Whether a line belongs to a key that began in one before it. <paramref name="verdict"/> is what the guard says of the line by itself.</summary>
    public bool Continue(string line, GuardVerdict verdict)
    {
        if (_left > 0)
        {
            _left = line.Contains(End, StringComparison.Ordinal) ? 0 : _left - line.Length - 1;
            return true;
        }

        if (verdict.Pii is [.., { Kind: PiiKind.PrivateKey } key] && !line.AsSpan(key.Start).Contains(End, StringComparison.Ordinal))
        {
            _left = Most;
        }

        return false;
    }
}
