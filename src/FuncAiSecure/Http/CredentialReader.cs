using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FuncAiSecure.Http;

/// <summary>
/// Finds the one credential of a request. Two of them are refused whether they agree or not: else a hop before this one could
/// judge one and this server the other. None is ever read from the query string.
/// </summary>
internal static class CredentialReader
{
    private const string Bearer = "Bearer ";

    private static readonly Refusal Missing = new(RefusalCode.CredentialMissing);
    private static readonly Refusal Several = new(RefusalCode.SeveralCredentials);
    private static readonly Refusal Invalid = new(RefusalCode.CredentialInvalid);

    /// <summary>Reads the credential; a refusal if there is none, more than one, or one of an unknown scheme.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="certificateHeader">The header in which a trusted front end passes a client certificate on; null if the hop is not trusted.</param>
    /// <param name="credential">The credential found.</param>
    public static Refusal? Read(IHeaderDictionary headers, string? certificateHeader, out PresentedCredential credential)
    {
        credential = default;
        var found = 0;
        var known = true;
        if (Count(headers.Authorization, ref found) is { } authorization)
        {
            known = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);
            credential = known ? PresentedCredential.Bearer(authorization[Bearer.Length..].TrimStart(' ')) : default;
            found += known && IsJoined(authorization) ? 1 : 0;
        }

        if (Count(headers["x-api-key"], ref found) is { } key)
        {
            credential = PresentedCredential.ApiKey(key);
            found += IsJoined(key) ? 1 : 0;
        }

        if (Count(headers["api-key"], ref found) is { } azureKey)
        {
            credential = PresentedCredential.ApiKey(azureKey);
            found += IsJoined(azureKey) ? 1 : 0;
        }

        if (certificateHeader is not null && Count(headers[certificateHeader], ref found) is { } certificate)
        {
            credential = PresentedCredential.Certificate(certificate);
        }

        return found switch
        {
            0 => Missing,
            1 => known ? null : Invalid,
            _ => Several,
        };
    }

    // The host's proxy writes a header that came twice as one field with commas; no key and no token holds a comma.
    private static bool IsJoined(string value) => value.Contains(',', StringComparison.Ordinal);

    // An empty field is no credential: gateways blank a header that they consumed.
    private static string? Count(StringValues values, ref int found)
    {
        string? last = null;
        foreach (var value in values)
        {
            if (!string.IsNullOrEmpty(value))
            {
                found++;
                last = value;
            }
        }

        return last;
    }
}
