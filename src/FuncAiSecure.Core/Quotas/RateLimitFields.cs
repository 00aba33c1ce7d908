using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>
/// The structured fields <c>RateLimit-Policy</c> and <c>RateLimit</c> (IETF httpapi draft after version 08, RFC 9651).
/// Shadow policies are left out: they limit nothing.
/// </summary>
internal static class RateLimitFields
{
    /// <summary>A month's <c>w</c> is that of the longest month, so that it never promises a renewal too early.</summary>
    private static long Seconds(PolicyWindow window) => window switch
    {
        PolicyWindow.Minute => 60,
        PolicyWindow.Hour => 3_600,
        PolicyWindow.Day => 86_400,
        _ => 31 * 86_400,
    };

    public static string FormatPolicies(ImmutableArray<Policy> policies)
    {
        var text = new StringBuilder();
        foreach (var policy in policies.Where(policy => !policy.Shadow))
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"\"{policy.Name}\";q={policy.Amount}");
            text.Append(policy.Window switch
            {
                PolicyWindow.Concurrent => ";qu=\"concurrent-requests\"",
                PolicyWindow.Burst => string.Create(CultureInfo.InvariantCulture, $";w={Math.Max(1, (long)Math.Ceiling(policy.Amount / policy.RefillPerSecond))}"),
                var window => string.Create(CultureInfo.InvariantCulture, $";w={Seconds(window)}"),
            });
            text.Append(policy.Unit == QuotaUnit.InputUnits ? ";funcai-unit=\"input-units\"" : "");
        }

        return text.ToString();
    }

    /// <summary>Writes what is left of each policy; allocates nothing.</summary>
    public static bool TryFormat(CallerQuota caller, Span<char> destination, out int written)
    {
        written = 0;
        foreach (var policy in caller.Plan.Policies)
        {
            if (policy.Shadow)
            {
                continue;
            }

            var (left, wait) = caller.Left(policy);
            if (!TryAppend(destination, ref written, written == 0 ? "\"" : ", \"")
                || !TryAppend(destination, ref written, policy.Name)
                || !TryAppend(destination, ref written, "\";r=")
                || !TryAppend(destination, ref written, left)
                || (wait > 0 && !(TryAppend(destination, ref written, ";t=") && TryAppend(destination, ref written, wait))))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryAppend(Span<char> destination, ref int written, ReadOnlySpan<char> text)
    {
        var fits = text.TryCopyTo(destination[written..]);
        written += fits ? text.Length : 0;
        return fits;
    }

    private static bool TryAppend(Span<char> destination, ref int written, long number)
    {
        var fits = number.TryFormat(destination[written..], out var length, provider: CultureInfo.InvariantCulture);
        written += length;
        return fits;
    }
}
