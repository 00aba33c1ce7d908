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

    /// <summary>
    /// A name for a process, 20 hexadecimal digits: its start in milliseconds, so that a day's chains sort as they were opened and one
    /// that is opened later sorts after where a reader has come, then 32 random bits.
    /// </summary>
    public static string NewInstance(DateTimeOffset start) =>
        start.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <summary>The name of a process's chain; its number has leading zeros, so that the chains of one process sort as well.</summary>
    public static string Of(DateOnly day, string instance, int number) => string.Create(CultureInfo.InvariantCulture, $"{Day(day)}-{instance}-{number:D5}");

    /// <summary>What the names of a day's chains begin with: they sort after it, and before that of the next day.</summary>
    public static string Day(DateOnly day) => Prefix + day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public static bool TryParseDay(string chain, out DateOnly day)
    {
        day = default;
        return chain.Length > 11 && chain.StartsWith(Prefix, StringComparison.Ordinal)
            && DateOnly.TryParseExact(chain.AsSpan(2, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }
}
