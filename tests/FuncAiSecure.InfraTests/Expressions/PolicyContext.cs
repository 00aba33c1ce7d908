using System.Security.Cryptography.X509Certificates;

namespace FuncAiSecure.InfraTests.Expressions;

/// <summary>
/// What a policy expression sees as <c>context</c>: the documented members that our policies use, with the documented types.
/// A member that is missing here does not compile, and so has to be looked up before it is used.
/// </summary>
public interface IPolicyContext
{
    IPolicyRequest Request { get; }

    IPolicyResponse? Response { get; }

    IReadOnlyDictionary<string, object> Variables { get; }

    IPolicyError? LastError { get; }

    IPolicyOperation Operation { get; }

    Guid RequestId { get; }
}

public interface IPolicyRequest
{
    IReadOnlyDictionary<string, string[]> Headers { get; }

    X509Certificate2? Certificate { get; }

    string IpAddress { get; }

    string Method { get; }

    IPolicyUrl OriginalUrl { get; }
}

public interface IPolicyResponse
{
    int StatusCode { get; }

    IReadOnlyDictionary<string, string[]> Headers { get; }
}

public interface IPolicyUrl
{
    string Host { get; }

    string Path { get; }
}

public interface IPolicyError
{
    string? Source { get; }

    string? Reason { get; }
}

public interface IPolicyOperation
{
    string Id { get; }
}

/// <summary>The documented shape of a validated token.</summary>
public sealed class Jwt
{
    public string? Issuer { get; init; }

    public string? Subject { get; init; }

    public IReadOnlyDictionary<string, string[]> Claims { get; init; } = new Dictionary<string, string[]>();
}

/// <summary>The documented look-up of headers, query parameters and claims: the values joined by commas, or the default.</summary>
public static class PolicyLookup
{
    public static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> values, string name, string fallback)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.TryGetValue(name, out var found) ? string.Join(",", found) : fallback;
    }
}
