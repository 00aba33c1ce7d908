using System.Collections.Immutable;

namespace FuncAiSecure.Core.Models.Onnx;

/// <summary>What a graph is made of, as far as safety cares.</summary>
internal sealed class OnnxSummary
{
    /// <summary>Operators that nodes name, as domain and type; the default domain is empty.</summary>
    public HashSet<(string Domain, string Type)> Operators { get; } = [];

    /// <summary>Functions that the model itself defines.</summary>
    public HashSet<(string Domain, string Type)> Functions { get; } = [];

    /// <summary>Initializers of the main graph whose data is in other files.</summary>
    public List<ExternalTensor> External { get; } = [];

    /// <summary>Names of the main graph's inputs, those that initializers default left out.</summary>
    public ImmutableArray<string> Inputs { get; internal set; } = [];

    /// <summary>Names of the main graph's outputs.</summary>
    public ImmutableArray<string> Outputs { get; internal set; } = [];

    /// <summary>Nodes, those of subgraphs and functions included.</summary>
    public int Nodes { get; internal set; }

    /// <summary>Everything that is wrong.</summary>
    public List<string> Faults { get; } = [];
}

/// <summary>An initializer whose bytes are in another file of the folder.</summary>
/// <param name="Name">The initializer.</param>
/// <param name="Location">The file, relative to the graph.</param>
/// <param name="Offset">Where the bytes start.</param>
/// <param name="Length">How many there are; null means to the file's end.</param>
internal sealed record ExternalTensor(string Name, string Location, long Offset, long? Length);
