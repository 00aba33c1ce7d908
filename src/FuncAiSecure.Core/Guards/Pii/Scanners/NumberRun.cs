namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Digit groups that stand together: <c>+41 (0)69 979-80-58</c>. Positions are UTF-16 units of the whole text.</summary>
internal ref struct NumberRun
{
    /// <summary>More groups are another number.</summary>
    public const int MaxGroups = 12;

    private GroupBuffer _starts;
    private GroupBuffer _lengths;

    /// <summary>First unit: the plus, the bracket or the first digit.</summary>
    public int Start { get; private set; }

    /// <summary>Number of groups.</summary>
    public int Groups { get; private set; }

    /// <summary>Whether a plus stands before it.</summary>
    public bool Plus { get; private set; }

    /// <summary>Whether the first or second group stands in brackets.</summary>
    public bool Bracket { get; private set; }

    /// <summary>The sign between groups where it is one and the same; a blank where it varies around brackets; 0 where it varies.</summary>
    public char Separator { get; private set; }

    /// <summary>Whether the first group is parted from the others by a hyphen or slash and they by blanks: <c>08-123 456 78</c>.</summary>
    public bool AreaCode { get; private set; }

    /// <summary>Start of a group.</summary>
    public readonly int StartOf(int group) => _starts[group];

    /// <summary>Number of digits of a group.</summary>
    public readonly int LengthOf(int group) => _lengths[group];

    /// <summary>Exclusive end of a group.</summary>
    public readonly int EndOf(int group) => _starts[group] + _lengths[group];

    /// <summary>Digits of the first <paramref name="groups"/> groups.</summary>
    public readonly int Digits(int groups)
    {
        int sum = 0;
        for (int i = 0; i < groups; i++)
        {
            sum += _lengths[i];
        }

        return sum;
    }

    /// <summary>Copies the digits of the first <paramref name="groups"/> groups; returns how many, or 0 where they do not fit.</summary>
    public readonly int Copy(ReadOnlySpan<char> text, int groups, Span<char> to)
    {
        int have = 0;
        for (int i = 0; i < groups; i++)
        {
            if (have + _lengths[i] > to.Length)
            {
                return 0;
            }

            text.Slice(_starts[i], _lengths[i]).CopyTo(to[have..]);
            have += _lengths[i];
        }

        return have;
    }

    /// <summary>Reads the run at a digit, plus or bracket; false where no digit follows.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, int at, out NumberRun run)
    {
        run = new NumberRun { Start = at };
        bool open = false;
        char separator = '\0';
        bool varies = false;
        while (at < text.Length && text[at] is '+' or '(')
        {
            run.Plus |= text[at] == '+';
            open |= text[at] == '(';
            at++;
        }

        while (run.Groups < MaxGroups)
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
            run._lengths[run.Groups++] = at - first;
            bool wasOpen = open;
            int next = Next(text, at, ref open, out char between);
            if (next < 0)
            {
                open = wasOpen;
                break;
            }

            run.AreaCode = run.Groups == 1 ? between is '-' or '/' : run.AreaCode && between == ' ';
            run.Bracket |= between == '(';
            varies |= between != '(' && separator != '\0' && separator != between;
            separator = between == '(' ? separator : between;
            at = next;
        }

        // A bracket that closes behind the number, or never, is the sentence's.
        while (open && text[run.Start] == '(')
        {
            run.Start++;
        }

        run.Separator = varies ? '\0' : separator == '\0' ? ' ' : separator;
        return run.Groups > 0;
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
