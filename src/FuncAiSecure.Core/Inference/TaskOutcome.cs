namespace FuncAiSecure.Core.Inference;

/// <summary>The end of a text task: one item a text, or why there is none.</summary>
/// <typeparam name="T">What the task says of a text.</typeparam>
public sealed class TaskOutcome<T>
{
    internal TaskOutcome(Refusal refusal) => Refusal = refusal;

    internal TaskOutcome(IReadOnlyList<T> items, TextUsage usage)
    {
        Items = items;
        Usage = usage;
    }

    /// <summary>Why there is no answer; null if there is one.</summary>
    public Refusal? Refusal { get; }

    /// <summary>One item a text, in the order of the texts.</summary>
    public IReadOnlyList<T> Items { get; } = [];

    /// <summary>What it took.</summary>
    public TextUsage Usage { get; }
}

/// <summary>What a text task took.</summary>
/// <param name="Tokens">Tokens of all texts (special ones included), or units of four characters where the model has no tokenizer.</param>
/// <param name="Truncated">Texts that were cut, as asked.</param>
/// <param name="Queued">Time in the queue, summed over runs.</param>
/// <param name="Computed">Time of the runs, summed.</param>
public readonly record struct TextUsage(long Tokens, int Truncated, TimeSpan Queued, TimeSpan Computed);
