using FuncAiSecure.Core.Guards.Pii.Scanners;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>
/// Finds names of persons and street addresses, where a policy names one of these kinds: they are known by the words around them and by lists of names, not
/// by checksums, so a default action alone does not ask for them. One pass; every look is bounded.
/// </summary>
internal static class PiiNames
{
    /// <summary>Puts every find into <paramref name="spans"/>, ordered, without overlaps.</summary>
    public static void Scan(ReadOnlySpan<char> text, List<PiiSpan> spans)
    {
        NamesSeen seen = default;
        for (int at = 0; at < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }

            int end = at + 1;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
            {
                end++;
            }

            int past = 0, found = char.IsAsciiDigit(text[at]) ? 0 : Person(text, at, end, ref seen, out past);
            PiiKind kind = found > 0 ? PiiKind.Person : PiiKind.Address;
            found = found > 0 ? found : AddressScanner.At(text, at, end);
            if (found > 0)
            {
                spans.Add(new PiiSpan(at, found - at, kind));
            }

            at = Math.Max(Math.Max(found, past), end);
        }
    }

    private static int Person(ReadOnlySpan<char> text, int at, int end, ref NamesSeen seen, out int past)
    {
        past = 0;
        int announced = NameScanner.At(text, at);
        if (!char.IsUpper(text[at]))
        {
            return Math.Max(announced, PersonScanner.Small(text, at, end));
        }

        int found = Math.Max(announced, PersonScanner.At(text, at, out past));
        if (found > 0)
        {
            seen.Add(text, at, found);
            return found;
        }

        if (past > 0 || seen.IsEmpty)
        {
            return 0;
        }

        int stop = NameParts.WordEnd(text, at);
        return seen.Contains(text, at, stop) && PersonScanner.MayRepeat(text, at, stop) ? stop : 0;
    }

    /// <summary>Puts names among other finds, where they meet none that is as strict: what a checksum proves is no name.</summary>
    public static void Merge(List<PiiSpan> names, List<PiiSpan> spans, PiiActions? actions)
    {
        int others = 0, count = spans.Count;
        HashSet<int> hidden = [];
        foreach (PiiSpan name in names)
        {
            while (others < count && spans[others].End <= name.Start)
            {
                others++;
            }

            int meets = others;
            while (meets < count && spans[meets].Start < name.End && IsStricter(name, spans[meets], actions))
            {
                meets++;
            }

            if ((meets == count || spans[meets].Start >= name.End) && actions?[name.Kind] is not PiiAction.Ignore)
            {
                hidden.UnionWith(Enumerable.Range(others, meets - others));
                spans.Add(name);
            }
        }

        foreach (int at in hidden.OrderDescending())
        {
            spans.RemoveAt(at);
        }

        spans.Sort((a, b) => a.Start.CompareTo(b.Start));
    }

    private static bool IsStricter(PiiSpan name, PiiSpan other, PiiActions? actions) =>
        actions is not null && actions.StrictnessOf(name.Kind) > actions.StrictnessOf(other.Kind);
}
