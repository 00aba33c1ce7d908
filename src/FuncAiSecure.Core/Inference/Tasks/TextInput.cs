namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>The texts of a request and how they are to be taken.</summary>
/// <param name="Texts">The texts.</param>
public sealed record TextInput(IReadOnlyList<string> Texts)
{
    /// <summary>The first texts of pairs (a query, for rerank), one for all <see cref="Texts"/>; null where texts stand alone.</summary>
    public string? Query { get; init; }

    /// <summary>Whether a text of too many tokens may be cut, if the manifest allows it; else it is refused.</summary>
    public bool Truncate { get; init; }

    /// <summary>The JSON pointer of the texts in the caller's body, such as <c>/input</c>; faults in a list append the text's place.</summary>
    public string Pointer { get; init; } = "/input";

    /// <summary>Whether the pointer is that of a list of texts; else it is that of the one text itself.</summary>
    public bool IsList { get; init; } = true;

    /// <summary>Token ids in place of texts, for callers that tokenize themselves; null where texts are given.</summary>
    public IReadOnlyList<int[]>? TokenIds { get; init; }

    /// <summary>What <see cref="InferenceEngine.Encode"/> has made of the texts, so that none is encoded twice; null for a text that is new since.</summary>
    internal TextEncoding?[] Encodings { get; init; } = [];

    /// <summary>What the encoded input costs a model in tokens.</summary>
    public long Tokens => Encodings.Sum(encoding => (long?)encoding?.Count ?? 0);

    /// <summary>The same input with another text at a place.</summary>
    public TextInput With(int index, string text) => this with
    {
        Texts = [.. Texts.Select((old, i) => i == index ? text : old)],
        Encodings = [.. Encodings.Select((old, i) => i == index ? null : old)],
    };

    /// <summary>The same texts for another query.</summary>
    public TextInput WithQuery(string query) => this with { Query = query, Encodings = [] };
}
