using FuncAiSecure.Core.Guards.Pii.Scanners;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>Tells the lines of a private key in PEM form where each line is inspected by itself and only the first shows what it is.</summary>
public sealed class PrivateKeyLines
{
    private int _left;

    /// <summary>Whether a line belongs to a key that began in one before it.</summary>
    /// <param name="line">The next line, without its end.</param>
    /// <param name="verdict">What the guard says of the line by itself.</param>
    public bool Continue(string line, GuardVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(verdict);
        if (_left > 0)
        {
            _left = line.Contains(SecretScanner.PemEnd, StringComparison.Ordinal) ? 0 : _left - line.Length - 1;
            return true;
        }

        if (verdict.Pii is [.., { Kind: PiiKind.PrivateKey } key] && !line.AsSpan(key.Start).Contains(SecretScanner.PemEnd, StringComparison.Ordinal))
        {
            _left = SecretScanner.MaxLong;
        }

        return false;
    }
}
