using System.Diagnostics;
using System.Text.Json;
using FuncAiSecure.Core.Guards.Pii;

namespace FuncAiSecure.GuardTraining;

/// <summary>Precision, recall and F2 of the PII engine on a file of {text, spans}, strict and by overlap, per kind and over all.</summary>
internal static class PiiEvaluation
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["EMAIL_ADDRESS"] = "EMAIL", ["PHONE_NUMBER"] = "PHONE", ["CREDIT_CARD"] = "PAYMENT_CARD", ["IBAN_CODE"] = "IBAN", ["US_DRIVER_LICENSE"] = "DRIVING_LICENCE",
        ["US_PASSPORT"] = "PASSPORT", ["CRYPTO"] = "CRYPTO_ADDRESS", ["URL_CREDENTIALS"] = "URL",
    };

    public static void Run(IReadOnlyList<JsonElement> rows, bool showMisses, bool names)
    {
        List<(string Text, List<(int Start, int End, string Type)> Gold)> all = [.. rows.Select(row => (
            row.GetProperty("text").GetString()!,
            row.GetProperty("spans").EnumerateArray().Select(s => (s.GetProperty("start").GetInt32(), s.GetProperty("end").GetInt32(), NameOf(s.GetProperty("type").GetString()!))).ToList()))];
        HashSet<string> known = [.. all.SelectMany(r => r.Gold).Select(g => g.Type).Where(t => PiiKinds.TryParse(t, out PiiKind kind) && (names || !PiiKinds.IsOnlyByName(kind)))];
        SortedDictionary<string, Counts> counts = new(StringComparer.Ordinal);
        PiiSink sink = new();
        foreach ((string text, List<(int Start, int End, string Type)> gold) in all)
        {
            List<PiiSpan> spans = [];
            PiiText.Find(text, sink, spans, names);
            List<(int Start, int End, string Type)> found = [.. spans.Select(s => (s.Start, s.End, NameOf(PiiKinds.NameOf(s.Kind)))).Where(f => known.Contains(f.Item3))];
            foreach (string type in known)
            {
                Counts c = counts.TryGetValue(type, out Counts? had) ? had : counts[type] = new Counts();
                List<(int Start, int End, string Type)> want = [.. gold.Where(g => g.Type == type)], have = [.. found.Where(f => f.Type == type)];
                c.Gold += want.Count;
                c.Found += have.Count;
                c.Strict += want.Count(g => have.Any(f => Overlap(f, g) >= 0.9));
                c.Loose += want.Count(g => have.Any(f => Overlap(f, g) > 0));
                c.FoundLoose += have.Count(f => want.Any(g => Overlap(f, g) > 0));
                if (showMisses)
                {
                    Show("missed", type, text, want.Where(g => !have.Any(f => Overlap(f, g) >= 0.9)));
                    Show("wrong", type, text, have.Where(f => !want.Any(g => Overlap(f, g) >= 0.9)));
                }
            }
        }

        Counts total = new();
        Console.WriteLine("| kind | gold | strict P | strict R | strict F2 | overlap P | overlap R | overlap F2 |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string type, Counts c) in counts)
        {
            total.Add(c);
            Print(type, c);
        }

        Print("all", total);
        Time(all.Select(r => r.Text).ToList(), sink, names);
    }

    private static void Time(List<string> texts, PiiSink sink, bool names)
    {
        foreach (int length in (int[])[200, 1_000, 8_000])
        {
            string text = string.Join(' ', texts.Where(t => t.Length > 20).Take(400));
            if (text.Length < length)
            {
                return;
            }

            text = text[..length];
            List<double> micros = [];
            List<PiiSpan> spans = [];
            for (int i = 0; i < 2_000; i++)
            {
                long from = Stopwatch.GetTimestamp();
                spans.Clear();
                PiiText.Find(text, sink, spans, names);
                micros.Add(Stopwatch.GetElapsedTime(from).TotalMicroseconds);
            }

            micros.Sort();
            Console.WriteLine($"{length} characters: median {micros[micros.Count / 2]:F1} us");
        }
    }

    private static string NameOf(string type) => Types.GetValueOrDefault(type, type);

    private static double Overlap((int Start, int End, string Type) a, (int Start, int End, string Type) b)
    {
        int shared = Math.Min(a.End, b.End) - Math.Max(a.Start, b.Start);
        return shared <= 0 ? 0 : (double)shared / (Math.Max(a.End, b.End) - Math.Min(a.Start, b.Start));
    }

    private static void Show(string what, string type, string text, IEnumerable<(int Start, int End, string Type)> spans)
    {
        foreach ((int start, int end, _) in spans)
        {
            Console.WriteLine($"{what} {type}: {text[Math.Max(0, start - 30)..start]}[[{text[start..end]}]]{text[end..Math.Min(text.Length, end + 12)]}".ReplaceLineEndings("\\n"));
        }
    }

    private static void Print(string type, Counts c) => Console.WriteLine(
        $"| {type} | {c.Gold} | {Ratio(c.Strict, c.Found):F3} | {Ratio(c.Strict, c.Gold):F3} | {F2(Ratio(c.Strict, c.Found), Ratio(c.Strict, c.Gold)):F3} "
        + $"| {Ratio(c.FoundLoose, c.Found):F3} | {Ratio(c.Loose, c.Gold):F3} | {F2(Ratio(c.FoundLoose, c.Found), Ratio(c.Loose, c.Gold)):F3} |");

    private static double Ratio(int a, int b) => b == 0 ? 1 : (double)a / b;

    private static double F2(double p, double r) => p + r == 0 ? 0 : 5 * p * r / ((4 * p) + r);

    private sealed class Counts
    {
        public int Gold { get; set; }

        public int Found { get; set; }

        public int Strict { get; set; }

        public int Loose { get; set; }

        public int FoundLoose { get; set; }

        public void Add(Counts other)
        {
            Gold += other.Gold;
            Found += other.Found;
            Strict += other.Strict;
            Loose += other.Loose;
            FoundLoose += other.FoundLoose;
        }
    }
}
