using System.Text.Json.Serialization;

namespace FuncAiSecure.Core.Models;

/// <summary>How the runtime's session is made. Null leaves it to the server, which knows its cores.</summary>
public sealed record SessionSettings
{
    internal static readonly SessionSettings Default = new();

    /// <summary>Threads inside an operator, 1 to 64.</summary>
    public int? IntraOpThreads { get; init; }

    /// <summary>Threads across operators, 1 to 64; needs <see cref="ExecutionMode.Parallel"/>.</summary>
    public int? InterOpThreads { get; init; }

    /// <summary>Whether operators run one after the other.</summary>
    public ExecutionMode ExecutionMode { get; init; }

    /// <summary>How far the graph is rewritten when it is loaded.</summary>
    public GraphOptimization GraphOptimization { get; init; }

    /// <summary>Whether the runtime keeps an arena of memory between runs.</summary>
    public bool? MemoryArena { get; init; }

    /// <summary>Whether the runtime plans memory by the first run's shapes.</summary>
    public bool? MemoryPattern { get; init; }
}

/// <summary>Orders in which operators run.</summary>
public enum ExecutionMode
{
    /// <summary>One after the other.</summary>
    [JsonStringEnumMemberName("sequential")]
    Sequential,

    /// <summary>Independent ones together.</summary>
    [JsonStringEnumMemberName("parallel")]
    Parallel,
}

/// <summary>Levels of graph rewriting.</summary>
public enum GraphOptimization
{
    /// <summary>Everything.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>What is extended but not layout.</summary>
    [JsonStringEnumMemberName("extended")]
    Extended,

    /// <summary>Constant folding and redundant nodes.</summary>
    [JsonStringEnumMemberName("basic")]
    Basic,

    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
