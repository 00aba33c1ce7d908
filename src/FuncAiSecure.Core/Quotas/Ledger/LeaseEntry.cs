using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>What a counter says in brief about one instance that takes blocks from it.</summary>
/// <param name="Id">The lease's own name: the process's random id and a number.</param>
/// <param name="Op">The number of its last update that stands; this is how an update whose answer was lost is recognised.</param>
/// <param name="Lent">Units granted to it less units that it returned.</param>
/// <param name="Held">At most this many of them were unspent when it wrote last.</param>
/// <param name="At">When it wrote last, in seconds of Unix time by the service's clock.</param>
internal readonly record struct LeaseEntry(string Id, long Op, long Lent, long Held, long At)
{
    public static string Format(ImmutableArray<LeaseEntry> entries)
    {
        var text = new StringBuilder(entries.Length * 32);
        foreach (var entry in entries)
        {
            text.Append(text.Length == 0 ? "" : ";")
                .Append(CultureInfo.InvariantCulture, $"{entry.Id},{entry.Op},{entry.Lent},{entry.Held},{entry.At}");
        }

        return text.ToString();
    }

    /// <summary>False for anything that <see cref="Format"/> does not write.</summary>
    public static bool TryParse(string? text, out ImmutableArray<LeaseEntry> entries)
    {
        entries = [];
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var builder = ImmutableArray.CreateBuilder<LeaseEntry>();
        foreach (var part in text.Split(';'))
        {
            var fields = part.Split(',');
            if (fields.Length != 5 || fields[0].Length == 0
                || !TryNumber(fields[1], out var op) || !TryNumber(fields[2], out var lent)
                || !TryNumber(fields[3], out var held) || !TryNumber(fields[4], out var at))
            {
                return false;
            }

            builder.Add(new LeaseEntry(fields[0], op, lent, held, at));
        }

        entries = builder.ToImmutable();
        return true;
    }

    private static bool TryNumber(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
