using System.Security.Cryptography.X509Certificates;

namespace FuncAiSecure.InfraTests.Gateway;

/// <summary>A request as it reaches the gateway.</summary>
internal sealed class GatewayRequest
{
    public string Method { get; init; } = "POST";

    public string Path { get; init; } = "/v1/classify";

    public string Operation { get; init; } = "classify";

    public string Peer { get; init; } = "10.1.2.3";

    public string? Body { get; init; } = """{"model":"m","input":"text"}""";

    public X509Certificate2? Certificate { get; init; }

    /// <summary>The subscription key; null sends none.</summary>
    public string? Subscription { get; init; } = "subscription-1";

    public Dictionary<string, string[]> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, string> Query { get; init; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>An answer, of the app or of the gateway.</summary>
internal sealed record GatewayResponse(int Status, Dictionary<string, string[]> Headers, string Body)
{
    public static GatewayResponse Of(int status, string contentType = "application/json", string body = "{}", params (string Name, string Value)[] headers)
    {
        var all = headers.ToDictionary(h => h.Name, h => new[] { h.Value }, StringComparer.OrdinalIgnoreCase);
        all["Content-Type"] = [contentType];
        return new(status, all, body);
    }

    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? string.Join(",", values) : null;
}

/// <summary>What the app received.</summary>
internal sealed record BackendCall(string Backend, string? Certificate, Dictionary<string, string[]> Headers, Dictionary<string, string> Query);

/// <summary>A token that a test hands out: what the provider would have signed.</summary>
internal sealed record IssuedToken(string Issuer, string Audience, string Subject, bool IsSigned = true, bool IsExpired = false, bool HasExpiry = true);
