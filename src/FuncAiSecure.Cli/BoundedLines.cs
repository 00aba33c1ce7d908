using System.Text;

namespace FuncAiSecure.Cli;

/// <summary>Reads lines of which one that is too long takes no more memory than another.</summary>
/// <param name="reader">Where they come from.</param>
/// <param name="most">How many characters a line may have.</param>
internal sealed class BoundedLines(TextReader reader, int most)
{
    private readonly StringBuilder _line = new();
    private bool _isHalfEnded;

    /// <summary>The next line; of one that is too long the beginning, one character more than it may have. Null at the end.</summary>
    public string? Read()
    {
        _line.Clear();
        var next = reader.Read();

        // The second half of what ended the line before: who types must not wait for it.
        next = next == '\n' && _isHalfEnded ? reader.Read() : next;
        if (next < 0)
        {
            return null;
        }

        for (; next >= 0 && next is not ('\n' or '\r'); next = reader.Read())
        {
            if (_line.Length <= most)
            {
                _line.Append((char)next);
            }
        }

        _isHalfEnded = next == '\r';
        return _line.ToString();
    }
}
