namespace FuncAiSecure.Core.Guards;

/// <summary>What a guard decides about a text, mildest first.</summary>
public enum GuardAction
{
    /// <summary>Nothing found that the policy cares about.</summary>
    Allow,

    /// <summary>It passes as it is; the verdict is recorded.</summary>
    Flag,

    /// <summary>It passes in its rewritten form.</summary>
    Rewrite,

    /// <summary>It is refused.</summary>
    Block,

    /// <summary>It is refused because a key that the policy needs is not to be had.</summary>
    Unavailable,
}
