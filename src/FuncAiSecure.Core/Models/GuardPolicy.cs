using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Core.Models;

/// <summary>What the guards do for a model. What is not said is off: a numeric model needs none.</summary>
public sealed record GuardPolicy
{
    internal static readonly GuardPolicy Default = new();

    /// <summary>Prompt injection and jailbreaks in input texts; null is off.</summary>
    public InjectionPolicy? Injection { get; init; }

    /// <summary>Personal data in input texts; null is off.</summary>
    public PiiPolicy? InputPii { get; init; }

    /// <summary>Personal data in output texts; null is off.</summary>
    public PiiPolicy? OutputPii { get; init; }
}

/// <summary>What happens to a text that looks like an attack.</summary>
public sealed record InjectionPolicy
{
    /// <summary>What happens.</summary>
    public required InjectionAction Action { get; init; }

    /// <summary>The share of harmless texts that may be taken for attacks, 0.0001 to 0.2: the guard chooses its threshold by this.</summary>
    public double FalsePositiveRate { get => field == 0 ? 0.01 : field; init; }
}

/// <summary>Actions of the injection guard.</summary>
public enum InjectionAction
{
    /// <summary>The text passes, the verdict is recorded and told.</summary>
    [JsonStringEnumMemberName("flag")]
    Flag,

    /// <summary>The request is refused.</summary>
    [JsonStringEnumMemberName("block")]
    Block,
}

/// <summary>What happens to personal data, by kind.</summary>
public sealed record PiiPolicy
{
    /// <summary>What happens to kinds that <see cref="Kinds"/> does not name.</summary>
    public required PiiAction Default { get; init; }

    /// <summary>Actions by kind: <c>EMAIL</c>, <c>PAYMENT_CARD</c>, … as docs/guards.md lists them.</summary>
    public ImmutableDictionary<string, PiiAction> Kinds { get => field ?? ImmutableDictionary<string, PiiAction>.Empty; init; }

    /// <summary>Whether tokens that this deployment made are turned back into what they stand for.</summary>
    public bool Restore { get; init; }
}

/// <summary>Actions on personal data.</summary>
public enum PiiAction
{
    /// <summary>Not looked for.</summary>
    [JsonStringEnumMemberName("ignore")]
    Ignore,

    /// <summary>Found and counted; the text passes as it is.</summary>
    [JsonStringEnumMemberName("detect")]
    Detect,

    /// <summary>Letters and digits become asterisks.</summary>
    [JsonStringEnumMemberName("mask")]
    Mask,

    /// <summary>Replaced by a numbered placeholder.</summary>
    [JsonStringEnumMemberName("redact")]
    Redact,

    /// <summary>Replaced by a keyed pseudonym, stable within a deployment.</summary>
    [JsonStringEnumMemberName("pseudonymise")]
    Pseudonymise,

    /// <summary>Replaced by an encrypted token that the same deployment can turn back.</summary>
    [JsonStringEnumMemberName("tokenize")]
    Tokenize,

    /// <summary>The request is refused.</summary>
    [JsonStringEnumMemberName("block")]
    Block,
}
