using System.Net;

namespace Azure.Data.Tables;

/// <summary>What a service or table URI says: a path-style host (an address or localhost) has the account as its first segment.</summary>
internal readonly record struct TableEndpoint(Uri Service, string Account, string Table, string Sas)
{
    public static TableEndpoint Parse(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var pathStyle = IPAddress.TryParse(uri.Host, out _) || uri.Host == "localhost" || !uri.Host.Contains('.', StringComparison.Ordinal);
        var segments = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var account = pathStyle ? segments.ElementAtOrDefault(0) : uri.Host[..uri.Host.IndexOf('.', StringComparison.Ordinal)];
        var service = pathStyle && account is not null ? $"{uri.Scheme}://{uri.Authority}/{account}" : $"{uri.Scheme}://{uri.Authority}";
        return new(new Uri(service), account, segments.ElementAtOrDefault(pathStyle ? 1 : 0), uri.Query.Length > 1 ? uri.Query[1..] : null);
    }
}
