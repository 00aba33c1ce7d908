using FuncAiSecure.InfraTests.Expressions;

namespace FuncAiSecure.InfraTests.Gateway;

/// <summary>What of the gateway outlives a request (counters), what surrounds it, and which of it is broken just now.</summary>
internal sealed class GatewayState
{
    public Dictionary<string, IssuedToken> Tokens { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Subscriptions { get; } = ["subscription-1", "subscription-2"];

    public Dictionary<string, int> Counters { get; } = new(StringComparer.Ordinal);

    public List<BackendCall> BackendCalls { get; } = [];

    /// <summary>What the app answers; throwing <see cref="PolicyFailureException"/> is a failed connection.</summary>
    public Func<GatewayResponse> App { get; set; } = () => GatewayResponse.Of(200);

    /// <summary>Whether the gateway's own identity can get a token.</summary>
    public bool IdentityWorks { get; set; } = true;

    /// <summary>Whether the provider's discovery document can be read.</summary>
    public bool ProviderWorks { get; set; } = true;

    /// <summary>Fails the n-th policy of the inbound section (from 0) with an unexpected error; null fails none.</summary>
    public int? FailAtStep { get; set; }

    /// <summary>Policies run in the inbound section by the last request.</summary>
    public int InboundSteps { get; set; }
}

/// <summary>A policy's error, which sends the request to on-error.</summary>
internal sealed class PolicyFailureException(string source, string reason, int status = 500) : Exception(reason), IPolicyError
{
    public int Status { get; } = status;

    public string? Reason { get; } = reason;

    string? IPolicyError.Source => source;
}
