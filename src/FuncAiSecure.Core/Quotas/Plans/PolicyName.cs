using System.Buffers;

namespace FuncAiSecure.Core.Quotas.Plans;

/// <summary>Names of plans and policies: safe in a table key, a header and a metric tag without any encoding.</summary>
internal static class PolicyName
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= 32 } && name[0] != '-' && !name.AsSpan().ContainsAnyExcept(Allowed);
}
