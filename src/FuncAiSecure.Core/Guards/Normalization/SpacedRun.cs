namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>
/// Single letters parted by one and the same separator. A run that was refused is kept: the next one begins at its second letter, and
/// reading it anew for each letter would cost the square of its length.
/// </summary>
internal struct SpacedRun
{
    private const int Window = 512;

    private int _start;
    private int _next;
    private int _singles;
    private int _letters;
    private char _separator;
    private bool _ended;
    private bool _beginsWithLetter;

    /// <summary>
    /// The number of letters of the run at <paramref name="at"/>, of <see cref="Window"/> chars at most, or 0, and from how many on that is
    /// no accident. Who writes one word so writes the short ones so too.
    /// </summary>
    public int LengthAt(ReadOnlySpan<char> chars, int at, out int least)
    {
        least = 0;
        if (chars.Length - at < 3 || !IsSeparator(chars[at + 1]))
        {
            return 0;
        }

        if (_singles > 1 && at == _start + 2 && chars[at + 1] == _separator)
        {
            _singles--;
            _letters -= _beginsWithLetter ? 1 : 0;
        }
        else
        {
            (_next, _singles, _letters, _separator, _ended) = (at, 0, 0, chars[at + 1], false);
        }

        // The caller overwrites what is behind it.
        (_start, _beginsWithLetter) = (at, char.IsLetter(chars[at]));
        least = _separator is ' ' or '\n' ? 4 : 3;
        ReadOnlySpan<char> window = chars[..Math.Min(chars.Length, at + Window)];
        while (!_ended && _next < window.Length)
        {
            Take(window);
        }

        return _letters * 2 >= _singles && _letters >= 2 ? _singles : 0;
    }

    private void Take(ReadOnlySpan<char> window)
    {
        bool isEnd = _next + 1 >= window.Length;
        if (!IsPart(window) || (!isEnd && WordRepair.IsSingle(window[_next + 1])))
        {
            _ended = true;
            return;
        }

        _singles++;
        _letters += char.IsLetter(window[_next]) ? 1 : 0;
        _ended = !isEnd && window[_next + 1] != _separator;
        _next += 2;
    }

    private static bool IsSeparator(char c) => c is ' ' or '\n' || (c is not ('\'' or '\u2019') && (char.IsPunctuation(c) || char.IsSymbol(c)));

    private readonly bool IsPart(ReadOnlySpan<char> window) => WordRepair.IsSingle(window[_next])
        || (window[_next] is '\'' or '\u2019' && _next > _start && _next + 2 < window.Length && char.IsLetter(window[_next + 2]));
}
