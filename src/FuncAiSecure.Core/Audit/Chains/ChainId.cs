using System.Globalization;
using System.Security.Cryptography;

namespace FuncAiSecure.Core.Audit.Chains;

/// <summary>Names of chains: <c>c-yyyyMMdd-instance</c>, one for each process and day, also the partition of its rows.</summary>
internal static class ChainId
{
    /// <summary>First text that no chain's name reaches.</summary>
    public const string End = "c.";

    /// <summary>Start of every chain's name.</summary>
    public const string Prefix = "c-";

    public static string NewInstance() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    public static string Of(DateOnly day, string instance) => $"{Prefix}{day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}-{instance}";

    public static bool TryParseDay(string chain, out DateOnly day)
    {
        day = default;
        return chain.Length > 11 && chain.StartsWith(Prefix, StringComparison.Ordinal)
            && DateOnly.TryParseExact(chain.AsSpan(2, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }
}
