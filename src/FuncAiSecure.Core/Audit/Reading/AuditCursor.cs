using System.Buffers;
using System.Globalization;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Reading;

/// <summary>Where a page begins: after this record. Records are in the order of their chains, then of their place in the chain.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Sequence">The last record's place in it.</param>
public readonly record struct AuditCursor(string Chain, long Sequence)
{
    private const int MaxLength = 100;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Chain}.{Sequence}");

    /// <summary>Reads the text form; false for anything else.</summary>
    public static bool TryParse(string? text, out AuditCursor cursor)
    {
        cursor = default;
        if (text is not { Length: > 0 and <= MaxLength } || text.LastIndexOf('.') is not (> 0 and var dot))
        {
            return false;
        }

        var chain = text[..dot];
        if (chain.AsSpan().ContainsAnyExcept(Allowed) || !ChainId.TryParseDay(chain, out _)
            || !long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return false;
        }

        cursor = new AuditCursor(chain, sequence);
        return true;
    }
}
