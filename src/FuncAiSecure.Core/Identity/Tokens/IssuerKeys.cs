using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>
/// The signing keys of one issuer, found by OpenID Connect discovery. Once known they serve on whatever happens to the provider;
/// a key id that is not among them is a reason to look again, but at most once a minute however many tokens name one.
/// </summary>
internal sealed partial class IssuerKeys(
    TokenIssuerOptions issuer, HttpClient http, TimeSpan refreshAfter, TimeProvider time, ILogger logger)
{
    private const int MaxDocument = 512 * 1024;
    private static readonly TimeSpan BetweenReads = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenFirstReads = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile Dictionary<string, IssuerKey>? _keys;
    private Task? _inFlight;
    private long _askedAt;
    private bool _asked;

    /// <summary>Have keys ever been read?</summary>
    public bool AreKnown => _keys is not null;

    /// <summary>The key of this id; null if it is not known. Starts a refresh in the background when one is due.</summary>
    public IssuerKey? Find(ReadOnlySpan<char> kid)
    {
        if (_keys is not { } keys)
        {
            return null;
        }

        if (time.GetElapsedTime(Volatile.Read(ref _askedAt)) >= refreshAfter)
        {
            _ = RefreshAsync();
        }

        return keys.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(kid, out var key) ? key : null;
    }

    /// <summary>Reads the keys anew, one read at a time; completed already where the last one is too recent.</summary>
    public Task RefreshAsync()
    {
        lock (_lock)
        {
            if (_inFlight is { IsCompleted: false })
            {
                return _inFlight;
            }

            if (_asked && time.GetElapsedTime(_askedAt) < (AreKnown ? BetweenReads : BetweenFirstReads))
            {
                return Task.CompletedTask;
            }

            _asked = true;
            Volatile.Write(ref _askedAt, time.GetTimestamp());
            return _inFlight = Task.Run(ReadAsync);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            using var metadata = JsonDocument.Parse(await GetAsync(
                new Uri(issuer.Issuer.TrimEnd('/') + "/.well-known/openid-configuration")).ConfigureAwait(false));
            if (metadata.RootElement.GetProperty("issuer").GetString() != issuer.Issuer
                || !Uri.TryCreate(metadata.RootElement.GetProperty("jwks_uri").GetString(), UriKind.Absolute, out var address)
                || address.Scheme != Uri.UriSchemeHttps)
            {
                Log.MetadataRefused(logger, issuer.Name);
                return;
            }

            var set = new JsonWebKeySet(System.Text.Encoding.UTF8.GetString(await GetAsync(address).ConfigureAwait(false)));
            var keys = new Dictionary<string, IssuerKey>(StringComparer.Ordinal);
            foreach (var published in set.Keys)
            {
                if (IssuerKey.From(published) is { } key)
                {
                    keys[published.Kid] = key;
                }
            }

            if (keys.Count == 0)
            {
                // An issuer that signs has a key: this is a document of another kind, or a mistake that would turn everybody away.
                Log.KeySetRefused(logger, issuer.Name);
                return;
            }

            _keys = keys;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or JsonException
            or InvalidOperationException or KeyNotFoundException or ArgumentException or IOException)
        {
            Log.ProviderFailed(logger, issuer.Name, failure.GetType().Name);
        }
    }

    private async Task<byte[]> GetAsync(Uri address)
    {
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseContentRead, CancellationToken.None).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var content = await response.Content.ReadAsByteArrayAsync(CancellationToken.None).ConfigureAwait(false);
        return content.Length <= MaxDocument ? content : throw new IOException("The provider's document is too large.");
    }

    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Warning, "The keys of issuer {Issuer} could not be read ({Error}); known ones serve on")]
        public static partial void ProviderFailed(ILogger logger, string issuer, string error);

        [LoggerMessage(1012, LogLevel.Warning, "The key set of issuer {Issuer} holds no key that signs tokens; known ones serve on")]
        public static partial void KeySetRefused(ILogger logger, string issuer);

        [LoggerMessage(1011, LogLevel.Warning, "The metadata of issuer {Issuer} names another issuer or no https key set; it is refused")]
        public static partial void MetadataRefused(ILogger logger, string issuer);
    }
}
