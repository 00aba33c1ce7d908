using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Where the next page starts, as one opaque text.</summary>
internal static class Continuation
{
    public static string EntitiesFrom(Response response) =>
        response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition)
            ? response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var row) ? $"{partition} {row}" : partition
            : null;

    public static string TablesFrom(Response response) =>
        response.Headers.TryGetValue("x-ms-continuation-NextTableName", out var table) ? table : null;

    public static void AppendEntities(RequestUriBuilder uri, string continuation)
    {
        if (continuation is null)
        {
            return;
        }

        var space = continuation.IndexOf(' ', StringComparison.Ordinal);
        uri.AppendQuery("NextPartitionKey", space < 0 ? continuation : continuation[..space], escapeValue: true);
        if (space >= 0)
        {
            uri.AppendQuery("NextRowKey", continuation[(space + 1)..], escapeValue: true);
        }
    }

    public static void AppendQueryOptions(RequestUriBuilder uri, string filter, int? top, IEnumerable<string> select)
    {
        if (!string.IsNullOrEmpty(filter))
        {
            uri.AppendQuery("$filter", filter, escapeValue: true);
        }

        if (top is { } count)
        {
            uri.AppendQuery("$top", count.ToString(System.Globalization.CultureInfo.InvariantCulture), escapeValue: false);
        }

        if (select is not null && string.Join(',', select) is { Length: > 0 } names)
        {
            uri.AppendQuery("$select", names, escapeValue: true);
        }
    }
}
