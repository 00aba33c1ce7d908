using System.Globalization;
using System.Text;
using FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;

namespace FuncAiSecure.Core.Inference.Tokenizers.Patterns;

/// <summary>
/// Reads expressions as Oniguruma does by Ruby's rules. Taken is what tokenizers' files have; all else is refused, so that
/// nothing is read as something else.
/// </summary>
internal sealed class PatternParser(string expression)
{
    private const int MaxRepeat = 1000;

    private readonly int[] _codes = [.. expression.EnumerateRunes().Select(rune => rune.Value)];
    private int _at;
    private bool _ignoresCase;
    private int _depth;

    private bool IsAtEnd => _at == _codes.Length;

    /// <exception cref="FormatException">It is not valid or has a part that is not supported.</exception>
    public PatternNode Parse()
    {
        var node = ReadChoice();
        Require(IsAtEnd);
        return node;
    }

    private PatternNode ReadChoice()
    {
        // An option within a group, as (?i), holds until the group's end.
        var ignoresCase = _ignoresCase;
        Require(++_depth < 50);
        var ways = new List<PatternNode> { ReadSequence() };
        while (TryTake('|'))
        {
            ways.Add(ReadSequence());
        }

        _depth--;
        _ignoresCase = ignoresCase;
        return ways.Count == 1 ? ways[0] : new PatternNode.Choice(ways);
    }

    private PatternNode.Sequence ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (!IsAtEnd && _codes[_at] is not ('|' or ')'))
        {
            // Ruby lets an option take in what stands behind a bar too: (?i)a|b is (?i:a|b).
            parts.Add(TryTake("(?i)") ? ReadRestIgnoringCase() : ReadRepeat(ReadOne()));
        }

        return new PatternNode.Sequence(parts);
    }

    private PatternNode ReadRestIgnoringCase()
    {
        _ignoresCase = true;
        return ReadChoice();
    }

    private PatternNode ReadOne()
    {
        switch (Take())
        {
            case '(':
                return ReadGroup();
            case '[':
                return new PatternNode.Single(StepKind.One, ReadClass());
            case '.':
                return One(RuneSet.Range('\n', '\n').Inverted());
            case '^':
                return new PatternNode.Single(StepKind.LineStart);
            case '$':
                return new PatternNode.Single(StepKind.LineEnd);
            case '\\':
                // A property has its own idea of case; within a class the reference ignores it all the same.
                var (set, single) = ReadEscape(inClass: false);
                return single is null ? new PatternNode.Single(StepKind.One, set) : One(set);
            case var code:
                Require(code is not ('*' or '+' or '?' or ')' or '{'));
                return One(RuneSet.Range(code, code));
        }
    }

    private PatternNode ReadGroup()
    {
        PatternNode node;
        if (TryTake("?=") || TryTake("?!"))
        {
            // Only what looks one code point ahead.
            var kind = _codes[_at - 1] == '=' ? StepKind.Ahead : StepKind.NotAhead;
            var one = ReadOne() as PatternNode.Single;
            Require(one?.Kind is StepKind.One);
            node = new PatternNode.Single(kind, one!.Set);
        }
        else if (TryTake("?i:"))
        {
            var outer = _ignoresCase;
            _ignoresCase = true;
            node = ReadChoice();
            _ignoresCase = outer;
        }
        else
        {
            Require(TryTake("?:") || IsAtEnd || _codes[_at] != '?');
            node = ReadChoice();
        }

        Require(TryTake(')'));
        return node;
    }

    private PatternNode ReadRepeat(PatternNode node)
    {
        var (least, most) = (1, (int?)1);
        if (TryTake('*'))
        {
            (least, most) = (0, null);
        }
        else if (TryTake('+'))
        {
            (least, most) = (1, null);
        }
        else if (TryTake('?'))
        {
            (least, most) = (0, 1);
        }
        else if (TryTake('{'))
        {
            (least, most) = ReadBounds();
        }
        else
        {
            return node;
        }

        Require(node is not PatternNode.Single { Kind: not StepKind.One });
        var isLazy = TryTake('?');
        Require(IsAtEnd || _codes[_at] is not ('*' or '+' or '?' or '{'));
        return new PatternNode.Repeat(node, least, most, isLazy);
    }

    private (int Least, int? Most) ReadBounds()
    {
        var least = ReadNumber();
        var most = least;
        if (TryTake(','))
        {
            most = ReadNumber();
            Require(least is not null || most is not null);
        }

        Require(TryTake('}') && least.GetValueOrDefault() <= (most ?? MaxRepeat));
        return (least ?? 0, most);
    }

    private int? ReadNumber()
    {
        int? number = null;
        while (!IsAtEnd && _codes[_at] is >= '0' and <= '9')
        {
            number = (number.GetValueOrDefault() * 10) + (Take() - '0');
            Require(number <= MaxRepeat);
        }

        return number;
    }

    // Behind the opening bracket. A class within a class adds what is in it.
    private RuneSet ReadClass()
    {
        Require(++_depth < 50);
        var inverts = TryTake('^');
        var sets = new List<RuneSet>();
        Require(!IsAtEnd && _codes[_at] != ']');
        while (!TryTake(']'))
        {
            Require(!TryTake("&&") && !TryTake("[:"));
            if (TryTake('['))
            {
                sets.Add(ReadClass());
                continue;
            }

            var (set, first) = ReadMember();
            if (first is { } from && _at + 1 < _codes.Length && _codes[_at] == '-' && _codes[_at + 1] != ']')
            {
                _at++;
                Require(_codes[_at] != '[');
                var last = ReadMember().Code;
                Require(last >= from);
                set = RuneSet.Range(from, last!.Value);
            }

            sets.Add(set);
        }

        _depth--;
        var union = RuneSet.Union(sets);
        union = _ignoresCase ? union.IgnoringCase() : union;
        return inverts ? union.Inverted() : union;
    }

    private (RuneSet Set, int? Code) ReadMember()
    {
        if (TryTake('\\'))
        {
            return ReadEscape(inClass: true);
        }

        var code = Take();
        return (RuneSet.Range(code, code), code);
    }

    private (RuneSet Set, int? Code) ReadEscape(bool inClass)
    {
        var escaped = Take();
        switch (escaped)
        {
            case 's' or 'S':
                return (InvertedIf(escaped == 'S', new RuneSet(Rune.IsWhiteSpace)), null);
            case 'd' or 'D':
                return (InvertedIf(escaped == 'D', RuneSet.Category("Nd")!), null);
            case 'w' or 'W':
                return (InvertedIf(escaped == 'W', new RuneSet(rune => CharClasses.IsExpressionWord(rune, inClass))), null);
            case 'p' or 'P':
                return (ReadCategory(escaped == 'P'), null);
        }

        var code = escaped switch
        {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\f',
            'v' => '\v',
            'x' when TryTake('{') => ReadHexadecimal(8, '}'),
            'x' => ReadHexadecimal(2, null),
            'u' => ReadHexadecimal(4, null),
            _ => escaped,
        };
        Require(code != escaped || (escaped < 128 && !char.IsLetterOrDigit((char)escaped)));
        return (RuneSet.Range(code, code), code);
    }

    private RuneSet ReadCategory(bool inverts)
    {
        Require(TryTake('{'));
        inverts ^= TryTake('^');
        var name = new StringBuilder();
        while (!TryTake('}'))
        {
            name.Append((char)Take());
        }

        var set = RuneSet.Category(name.ToString());
        Require(set is not null);
        return InvertedIf(inverts, set!);
    }

    private int ReadHexadecimal(int most, char? end)
    {
        var digits = new StringBuilder();
        while (!IsAtEnd && digits.Length < most && _codes[_at] < 128 && char.IsAsciiHexDigit((char)_codes[_at]))
        {
            digits.Append((char)Take());
        }

        Require(digits.Length > 0 && (end is null ? digits.Length == most : TryTake(end.Value)));
        var code = int.Parse(digits.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Require(Rune.IsValid(code));
        return code;
    }

    private PatternNode.Single One(RuneSet set) => new(StepKind.One, _ignoresCase ? set.IgnoringCase() : set);

    private static RuneSet InvertedIf(bool inverts, RuneSet set) => inverts ? set.Inverted() : set;

    private bool TryTake(char code) => TryTake([code]);

    private bool TryTake(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (_at + i >= _codes.Length || _codes[_at + i] != text[i])
            {
                return false;
            }
        }

        _at += text.Length;
        return true;
    }

    private int Take()
    {
        Require(!IsAtEnd);
        return _codes[_at++];
    }

    private static void Require(bool isSupported)
    {
        if (!isSupported)
        {
            throw new FormatException("The expression is not valid or has a part that is not supported.");
        }
    }
}
