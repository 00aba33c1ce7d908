using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>
/// Keys of the table. Partition: two hex digits of a hash (spreads callers over partition servers), the encoded principal,
/// the policy. So each counter is a partition of its own. Row: kind, unit and start of the window.
/// </summary>
internal static class QuotaKeys
{
    /// <summary>Everything else becomes <c>=XX</c> for each byte of UTF-8; <c>=</c> itself too, so no two names meet.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:@");

    public static RowAddress Counter(PrincipalId principal, Policy policy, Window window)
    {
        var kind = policy.Window switch
        {
            PolicyWindow.Minute => 'm',
            PolicyWindow.Hour => 'h',
            PolicyWindow.Day => 'd',
            _ => 'M',
        };
        var unit = policy.Unit == QuotaUnit.Requests ? 'r' : 'u';
        var start = window.Start.ToString("yyyyMMdd'T'HHmm", CultureInfo.InvariantCulture);
        return new RowAddress($"{Principal(principal)}!{policy.Name}", $"{kind}{unit}{start}");
    }

    /// <summary>Where an operator's change of a caller's plan is kept; <c>plan</c> cannot be a window's key.</summary>
    public static RowAddress Plan(PrincipalId principal) => new($"{Principal(principal)}!", "plan");

    public static string Encode(string name)
    {
        if (!name.AsSpan().ContainsAnyExcept(Plain))
        {
            return name;
        }

        var text = new StringBuilder(name.Length + 8);
        foreach (var value in Encoding.UTF8.GetBytes(name))
        {
            if (value < 0x80 && Plain.Contains((char)value))
            {
                text.Append((char)value);
            }
            else
            {
                text.Append('=').Append(value.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    private static string Principal(PrincipalId principal)
    {
        var encoded = Encode(principal.Value);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(encoded), hash);
        return $"{Convert.ToHexStringLower(hash[..1])}!{encoded}";
    }
}
