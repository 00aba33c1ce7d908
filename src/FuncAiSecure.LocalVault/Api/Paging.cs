using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.LocalVault.Api;

/// <summary>List answers page by page: <c>maxresults</c>, and a <c>nextLink</c> that continues after the last item shown.</summary>
internal static class Paging
{
    /// <summary>Writes the page that the request asks for; the items are sorted by <paramref name="key"/>.</summary>
    public static Task WriteAsync<T>(
        HttpContext context, int pageSize, List<T> items, Func<T, string> key, Func<T, Wire.Secret> describe)
    {
        var query = context.Request.Query;
        if (!TryReadToken(query["$skiptoken"], out var after) || !TryReadCount(query["maxresults"], pageSize, out var count))
        {
            return VaultError.BadParameter.WriteAsync(context);
        }

        var rest = after is null
            ? items
            : items.FindAll(item => string.Compare(key(item), after, StringComparison.OrdinalIgnoreCase) > 0);
        var shown = rest.Take(count).ToList();
        var next = rest.Count > count ? NextLink(context, key(shown[^1]), count) : null;
        return context.Response.WriteAsJsonAsync(
            new Wire.Page([.. shown.Select(describe)], next), WireJson.Default.Page, cancellationToken: context.RequestAborted);
    }

    private static string NextLink(HttpContext context, string last, int count)
    {
        var request = context.Request;
        var token = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(last));
        return $"https://{request.Host}{request.Path}?api-version={Uri.EscapeDataString(request.Query["api-version"].ToString())}"
            + $"&$skiptoken={token}&maxresults={count}";
    }

    private static bool TryReadToken(string? text, out string? after)
    {
        after = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (!Base64Url.IsValid(text))
        {
            return false;
        }

        after = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return true;
    }

    private static bool TryReadCount(string? text, int pageSize, out int count)
    {
        count = pageSize;
        return string.IsNullOrEmpty(text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1 && count <= pageSize);
    }
}
