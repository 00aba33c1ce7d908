using System.Runtime.CompilerServices;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>What a policy says of every kind, looked up once a policy. Its default does not reach kinds that must be named.</summary>
internal sealed class PiiActions
{
    private static readonly ConditionalWeakTable<PiiPolicy, PiiActions> Known = [];
    private readonly PiiAction[] _actions;

    private PiiActions(PiiPolicy policy)
    {
        _actions = [.. PiiKinds.All.Select(kind =>
            policy.Kinds.TryGetValue(PiiKinds.NameOf(kind), out PiiAction action) ? action : PiiKinds.IsOnlyByName(kind) ? PiiAction.Ignore : policy.Default)];
        Strictest = PiiKinds.All.Max(StrictnessOf);
        WantsNames = PiiKinds.All.Any(kind => PiiKinds.IsOnlyByName(kind) && this[kind] is not PiiAction.Ignore);
    }

    /// <summary>The highest <see cref="StrictnessOf"/> of all kinds.</summary>
    public int Strictest { get; }

    /// <summary>Whether names of persons or addresses are looked for.</summary>
    public bool WantsNames { get; }

    /// <summary>What is done with a kind.</summary>
    public PiiAction this[PiiKind kind] => _actions[(int)kind];

    /// <summary>A policy's actions.</summary>
    public static PiiActions Of(PiiPolicy policy) => Known.GetValue(policy, static policy => new PiiActions(policy));

    /// <summary>0 for what is ignored, 1 for what is told, 2 for what is taken away, 3 for what is refused. How a find is taken away makes it no stricter.</summary>
    public int StrictnessOf(PiiKind kind) => this[kind] switch
    {
        PiiAction.Ignore => 0,
        PiiAction.Detect => 1,
        PiiAction.Block => 3,
        _ => 2,
    };
}
