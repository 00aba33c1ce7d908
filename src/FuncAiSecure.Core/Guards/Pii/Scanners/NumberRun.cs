namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Digit groups that stand together: <c>+41 (0)69 979-80-58</c>. Positions are UTF-16 units of the whole text.</summary>
internal ref struct NumberRun
{
    private const int MaxGroups = 12;

    // Without a plus or brackets a number has at most six; the seventh says that more follow.
    private const int MaxPlainGroups = 7;

    // Of a plus and brackets before the first digit: any more are not read, or a text of them would be read again at each.
    private const int MaxSigns = 4;

    private GroupBuffer _starts;
    private GroupBuffer _digits;
    private char _separator;
    private int _varied;
    private int _bracketed;
    private int _split;

    /// <summary>First unit: the plus, the bracket or the first digit.</summary>
    public int Start { get; private set; }

    /// <summary>Number of groups.</summary>
    public int Groups { get; private set; }

    /// <summary>Whether a plus stands before it.</summary>
    public bool Plus { get; private set; }

    /// <summary>Whether a bracket parts two of the first <paramref name="groups"/> groups.</summary>
    public readonly bool Bracket(int groups) => _bracketed < groups;

    /// <summary>The sign between the first <paramref name="groups"/> groups where it is one and the same; a blank where there is none but brackets; 0 where it varies.</summary>
    public readonly char Separator(int groups) => _varied < groups ? '\0' : _separator == '\0' ? ' ' : _separator;

    /// <summary>Whether the first group is parted from the others by a hyphen or slash and they by blanks and hyphens: <c>08-123 456 78</c>.</summary>
    public readonly bool AreaCode(int groups) => groups > 1 && _split >= groups;

    /// <summary>Start of a group.</summary>
    public readonly int StartOf(int group) => _starts[group];

    /// <summary>Number of digits of a group.</summary>
    public readonly int LengthOf(int group) => group == 0 ? _digits[0] : _digits[group] - _digits[group - 1];

    /// <summary>Exclusive end of a group.</summary>
    public readonly int EndOf(int group) => _starts[group] + LengthOf(group);

    /// <summary>Digits of the first <paramref name="groups"/> groups.</summary>
    public readonly int Digits(int groups) => groups == 0 ? 0 : _digits[groups - 1];

    /// <summary>Copies the digits of the first <paramref name="groups"/> groups; returns how many, or 0 where they do not fit.</summary>
    public readonly int Copy(ReadOnlySpan<char> text, int groups, Span<char> to)
    {
        int have = 0;
        for (int i = 0; i < groups; i++)
        {
            int length = LengthOf(i);
            if (have + length > to.Length)
            {
                return 0;
            }

            text.Slice(_starts[i], length).CopyTo(to[have..]);
            have += length;
        }

        return have;
    }

    /// <summary>Reads the run at a digit, plus or bracket; false where no digit follows.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, int at, out NumberRun run)
    {
        run = new NumberRun { Start = at, _varied = MaxGroups, _bracketed = MaxGroups, _split = MaxGroups };
        bool open = false;
        while (at < text.Length && at - run.Start < MaxSigns && (text[at] is '+' or '('))
        {
            run.Plus |= text[at] == '+';
            open |= text[at] == '(';
            at++;
        }

        while (run.Groups < (run.Plus || run._bracketed < MaxGroups ? MaxGroups : MaxPlainGroups))
        {
            int first = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            if (at == first)
            {
                break;
            }

            run._starts[run.Groups] = first;
            run._digits[run.Groups] = run.Digits(run.Groups) + at - first;
            run.Groups++;
            bool wasOpen = open;
            int next = Next(text, at, ref open, out char between);
            if (next < 0)
            {
                open = wasOpen;
                break;
            }

            run.Part(between);
            at = next;
        }

        if (run.Groups == 0)
        {
            return false;
        }

        // A bracket that closes behind the number, or never, is the sentence's.
        while (open && text[run.Start] == '(')
        {
            run.Start++;
        }

        return true;
    }

    /// <summary>Notes what stands between the groups so far and the next.</summary>
    private void Part(char between)
    {
        bool area = Groups == 1 ? between is '-' or '/' : between is ' ' or '-';
        _split = area ? _split : Math.Min(_split, Groups);
        if (between == '(')
        {
            _bracketed = Math.Min(_bracketed, Groups);
            return;
        }

        _varied = _separator == '\0' || _separator == between ? _varied : Math.Min(_varied, Groups);
        _separator = _separator == '\0' ? between : _separator;
    }

    /// <summary>The first digit of the next group, or -1; <paramref name="between"/> is the separator, '(' where a bracket is in it.</summary>
    private static int Next(ReadOnlySpan<char> text, int at, ref bool open, out char between)
    {
        between = '\0';
        bool bracket = false;
        int from = at;
        for (; at < text.Length && at - from < 4; at++)
        {
            char c = text[at];
            if (char.IsAsciiDigit(c))
            {
                between = bracket ? '(' : between;
                return at > from ? at : -1;
            }

            if (c == '(' && !open)
            {
                open = bracket = true;
            }
            else if (c == ')' && open)
            {
                open = false;
                bracket = true;
            }
            else if (c is ' ' or '-' or '.' or '/')
            {
                between = between is '\0' or ' ' ? c : between;
            }
            else
            {
                return -1;
            }
        }

        return -1;
    }

    [System.Runtime.CompilerServices.InlineArray(MaxGroups)]
    private struct GroupBuffer
    {
        private int _first;
    }
}
