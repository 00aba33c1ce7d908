using System.Collections.Immutable;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>The rules: few, each so precise that a match alone flags a text. What they miss is the classifier's work.</summary>
internal static class InjectionRules
{
    /// <summary>Id of the verdict for chat control tokens of known models in a caller's text.</summary>
    public const string ControlToken = "injection.control-token";

    /// <summary>Id of the verdict for text carried by invisible signs.</summary>
    public const string SmuggledText = "injection.smuggled-text";

    /// <summary>Id of the verdict of the classifier.</summary>
    public const string Classifier = "injection.classifier";

    /// <summary>Invisible signs that carry data; no text has so many by accident (a flag emoji has six tags).</summary>
    public const int SmuggledSigns = 12;

    private static readonly string[] ControlTokens =
    [
        "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|begin_of_text|>", "<|system|>", "<|assistant|>",
        "[/inst]", "<<sys>>", "<</sys>>", "<start_of_turn>", "<|endofprompt|>",
    ];

    /// <summary>Rules over meanings.</summary>
    public static ImmutableArray<InjectionRule> All { get; } =
    [
        new("injection.override-instructions", "Tells the model to drop what it was told before.",
            new RuleStep(Concepts.Override, 0), new RuleStep(Concepts.Prior, 5), new RuleStep(Concepts.Instruction, 4)),
        new("injection.override-instructions-verb-last", "The same in languages that end with the verb.",
            new RuleStep(Concepts.Prior, 0), new RuleStep(Concepts.Instruction, 3), new RuleStep(Concepts.Override, 3)),
        new("injection.reveal-system-prompt", "Asks for the model's hidden instructions.",
            new RuleStep(Concepts.Reveal, 0), new RuleStep(Concepts.You, 4), new RuleStep(Concepts.System | Concepts.Prior, 3), new RuleStep(Concepts.Instruction, 2)),
        new("injection.unbound-persona", "Gives the model a persona without limits.",
            new RuleStep(Concepts.Pretend | Concepts.You, 0), new RuleStep(Concepts.Unbound, 5), new RuleStep(Concepts.Assistant | Concepts.Mode, 3)),
        new("injection.without-limits", "Tells the model to answer without its limits.",
            new RuleStep(Concepts.Comply | Concepts.Pretend, 0), new RuleStep(Concepts.Without, 6), new RuleStep(Concepts.Limit, 3), new RuleStep(Concepts.Limit | Concepts.Refuse, 5)),
    ];

    /// <summary>Where a chat control token stands in a view, or -1.</summary>
    public static int FindControlToken(ReadOnlySpan<char> view, out int length)
    {
        length = 0;
        if (view.IndexOfAny('<', '[') < 0)
        {
            return -1;
        }

        foreach (string token in ControlTokens)
        {
            int at = view.IndexOf(token, StringComparison.Ordinal);
            if (at >= 0)
            {
                length = token.Length;
                return at;
            }
        }

        return -1;
    }
}
