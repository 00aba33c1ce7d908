using System.Security.Cryptography.X509Certificates;
using FuncAiSecure.InfraTests.Expressions;

namespace FuncAiSecure.InfraTests.Gateway;

/// <summary>One request's state while policies run over it; to expressions it is the context.</summary>
internal sealed class RequestRun(GatewayRequest request) : IPolicyContext, IPolicyRequest, IPolicyUrl, IPolicyOperation
{
    public GatewayRequest Sent { get; } = request;

    public Dictionary<string, string[]> RequestHeaders { get; } = new(request.Headers, StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, string> Query { get; } = new(request.Query, StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, object> Values { get; } = new(StringComparer.Ordinal);

    public GatewayResponse? Answer { get; set; }

    /// <summary>Headers that a policy put on an answer that is still to come (Retry-After of a limit).</summary>
    public Dictionary<string, string[]> EarlyHeaders { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string? Backend { get; set; }

    public string? BackendCertificate { get; set; }

    public List<Action> AtEnd { get; } = [];

    public IPolicyRequest Request => this;

    public IPolicyResponse? Response => Answer is not null ? new Seen(Answer.Status, Answer.Headers) : EarlyHeaders.Count > 0 ? new Seen(429, EarlyHeaders) : null;

    public IReadOnlyDictionary<string, object> Variables => Values;

    public IPolicyError? LastError { get; set; }

    public IPolicyOperation Operation => this;

    public Guid RequestId { get; } = new("11111111-2222-3333-4444-555555555555");

    public IReadOnlyDictionary<string, string[]> Headers => RequestHeaders;

    public X509Certificate2? Certificate => Sent.Certificate;

    public string IpAddress => Sent.Peer;

    public string Method => Sent.Method;

    public IPolicyUrl OriginalUrl => this;

    public string Host => "gateway.example";

    public string Path => Sent.Path;

    string IPolicyOperation.Id => Sent.Operation;

    private sealed record Seen(int StatusCode, IReadOnlyDictionary<string, string[]> Headers) : IPolicyResponse;
}
