using System.Text.Json.Serialization;

namespace FuncAiSecure.Core.Models;

/// <summary>How text becomes token ids.</summary>
public sealed record TokenizerSpec
{
    /// <summary>The algorithm.</summary>
    public required TokenizerKind Kind { get; init; }

    /// <summary>The file with vocabulary and settings; always one of <see cref="ModelManifest.Files"/>.</summary>
    public required string File { get; init; }

    /// <summary>The longest sequence that the model takes, special tokens included.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>What happens to a longer text.</summary>
    public Truncation Truncation { get; init; }

    /// <summary>Whether text that spells a special token becomes that token. Off: a caller cannot write control tokens.</summary>
    public bool AllowSpecialTokens { get; init; }
}

/// <summary>Algorithms of tokenizers.</summary>
public enum TokenizerKind
{
    /// <summary>WordPiece as BERT has it.</summary>
    [JsonStringEnumMemberName("wordpiece")]
    WordPiece,

    /// <summary>Byte-pair encoding over bytes.</summary>
    [JsonStringEnumMemberName("bpe")]
    Bpe,

    /// <summary>A unigram language model over pieces.</summary>
    [JsonStringEnumMemberName("unigram")]
    Unigram,
}

/// <summary>What happens to a text of too many tokens.</summary>
public enum Truncation
{
    /// <summary>It is refused, with its count and the limit.</summary>
    [JsonStringEnumMemberName("refuse")]
    Refuse,

    /// <summary>Its end is cut if the caller asks for that, and the answer says so; else it is refused.</summary>
    [JsonStringEnumMemberName("right")]
    Right,

    /// <summary>Its start is cut if the caller asks for that, and the answer says so; else it is refused.</summary>
    [JsonStringEnumMemberName("left")]
    Left,
}
