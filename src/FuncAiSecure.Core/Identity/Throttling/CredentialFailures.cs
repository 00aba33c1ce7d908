using System.Net;
using FuncAiSecure.Core.Identity.ApiKeys;

namespace FuncAiSecure.Core.Identity.Throttling;

/// <summary>
/// Counts failed credentials by source network and by key id, and makes the refusal: 401, or 429 once the allowance is spent.
/// Past it nothing expensive is done for that source: no signature, no vault. What is already proven (a known key, a token seen
/// valid) is not counted and still passes, so that a flood does not lock out its neighbours.
/// </summary>
internal sealed class CredentialFailures(IdentityOptions options, TimeProvider time)
{
    private const int SourceSets = 8_192;
    private const int KeySets = 2_048;
    private const int KeyFailuresPerMinute = 6;

    private readonly FailureThrottle _sources = new(options.FailureBurst, options.FailuresPerMinute, SourceSets, time);
    private readonly FailureThrottle _keys = new(options.KeyFailureBurst, KeyFailuresPerMinute, KeySets, time);

    /// <summary>Has this source's network spent its allowance?</summary>
    public bool IsBlocked(IPAddress source) => _sources.IsBlocked(SourceNetwork.Of(source));

    /// <summary>Has this key id spent its allowance?</summary>
    public bool IsBlocked(ApiKeyId id) => _keys.IsBlocked(id.Value);

    /// <summary>Counts a failed credential of a source.</summary>
    public Refusal Refuse(IPAddress source) =>
        _sources.TrySpend(SourceNetwork.Of(source)) ? IdentityRefusals.Invalid : IdentityRefusals.Throttled;

    /// <summary>Counts a failed key that this deployment once issued.</summary>
    public Refusal Refuse(IPAddress source, ApiKeyId id) =>
        _sources.TrySpend(SourceNetwork.Of(source)) & _keys.TrySpend(id.Value) ? IdentityRefusals.Invalid : IdentityRefusals.Throttled;
}
