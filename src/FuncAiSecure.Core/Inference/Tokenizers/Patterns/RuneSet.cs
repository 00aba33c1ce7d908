using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers.Patterns;

/// <summary>A set of code points that an expression names.</summary>
internal sealed class RuneSet
{
    private static readonly string[] Categories =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    private readonly bool[] _ascii = new bool[128];
    private readonly Func<Rune, bool> _contains;

    public RuneSet(Func<Rune, bool> contains)
    {
        _contains = contains;
        for (var code = 0; code < _ascii.Length; code++)
        {
            _ascii[code] = contains(new Rune(code));
        }
    }

    public bool Contains(int code) => code < _ascii.Length ? _ascii[code] : _contains(new Rune(code));

    public RuneSet Inverted() => new(rune => !_contains(rune));

    /// <summary>The code points of any of the sets.</summary>
    public static RuneSet Union(IReadOnlyList<RuneSet> sets) =>
        sets.Count == 1 ? sets[0] : new(rune => sets.Any(set => set.Contains(rune.Value)));

    public static RuneSet Range(int first, int last) => new(rune => rune.Value >= first && rune.Value <= last);

    /// <summary>A general category, or a group of them by its first letter; null if there is none of that name.</summary>
    public static RuneSet? Category(string name)
    {
        var members = Categories.Select(category => category.StartsWith(name, StringComparison.Ordinal)).ToArray();
        return name.Length is 1 or 2 && members.Contains(true) ? new(rune => members[(int)Rune.GetUnicodeCategory(rune)]) : null;
    }

    /// <summary>The code points that differ from one of the set by case at most.</summary>
    public RuneSet IgnoringCase() => new(rune =>
    {
        // The long s and the sign of kelvin have the case of another letter.
        var lower = rune.Value switch { 0x17F => new Rune('s'), 0x212A => new Rune('k'), _ => Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)) };
        return _contains(rune) || _contains(lower) || _contains(Rune.ToUpperInvariant(lower)) || _contains(Rune.ToLowerInvariant(rune))
            || (lower.Value == 's' && _contains(new Rune(0x17F)))
            || (lower.Value == 'k' && _contains(new Rune(0x212A)));
    });
}
