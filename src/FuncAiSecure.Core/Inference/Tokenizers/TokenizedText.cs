namespace FuncAiSecure.Core.Inference.Tokenizers;

/// <summary>A text, or a pair of texts, as tokens. All arrays have one entry a token.</summary>
public sealed class TokenizedText
{
    /// <summary>Ids of the vocabulary.</summary>
    public required int[] Ids { get; init; }

    /// <summary>Segment of each token: 0, or 1 for the second text of a pair where the model tells them apart.</summary>
    public required int[] TypeIds { get; init; }

    /// <summary>Which text a token is of: 0 or 1, and -1 for a special token.</summary>
    public required int[] Sequences { get; init; }

    /// <summary>Where each token stands in its text, in UTF-16 units; 0 and 0 for a special token.</summary>
    public required (int Start, int End)[] Offsets { get; init; }

    /// <summary>How many tokens the input has uncut, special tokens included.</summary>
    public required int TotalCount { get; init; }

    /// <summary>How many tokens there are.</summary>
    public int Count => Ids.Length;

    /// <summary>True where tokens were cut away.</summary>
    public bool IsCut => Count < TotalCount;
}
