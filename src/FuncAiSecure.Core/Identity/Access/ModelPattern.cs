using System.Buffers;
using System.Globalization;

namespace FuncAiSecure.Core.Identity.Access;

/// <summary>
/// A pattern of models: an exact name, a prefix with a trailing <c>*</c>, or <c>*</c> alone; with <c>@N</c> behind it, version N
/// only. Compared by ordinal; nothing else is special.
/// </summary>
public static class ModelPattern
{
    private const int MaxLength = 128;

    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Is this a pattern?</summary>
    public static bool IsValid(string? pattern)
    {
        if (pattern is null or { Length: 0 or > MaxLength })
        {
            return false;
        }

        var name = Split(pattern, out var version);
        if (version is { } digits && !TryParseVersion(digits, out _))
        {
            return false;
        }

        return name.Length > 0 && !(name[^1] == '*' ? name[..^1] : name).ContainsAnyExcept(NameChars);
    }

    /// <summary>Does the pattern cover this model and version? Without a version (the promoted one) only patterns that name none do.</summary>
    public static bool Covers(string pattern, ReadOnlySpan<char> model, int? version)
    {
        var name = Split(pattern, out var wanted);
        if (wanted is { } digits && (!TryParseVersion(digits, out var number) || number != version))
        {
            return false;
        }

        return name.Length > 0 && (name[^1] == '*' ? model.StartsWith(name[..^1]) : model.SequenceEqual(name));
    }

    private static ReadOnlySpan<char> Split(string pattern, out string? version)
    {
        var at = pattern.IndexOf('@', StringComparison.Ordinal);
        version = at < 0 ? null : pattern[(at + 1)..];
        return at < 0 ? pattern : pattern.AsSpan(0, at);
    }

    private static bool TryParseVersion(string digits, out int version) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version > 0 && digits[0] != '0';
}
