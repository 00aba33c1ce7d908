using System.Buffers;

namespace FuncAiSecure.Core.Identity;

/// <summary>Who calls: 1 to 128 characters of letters, digits and <c>. _ - : @ /</c>, compared by ordinal.</summary>
public readonly record struct PrincipalId
{
    /// <summary>The longest identifier, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>How one is written, for messages.</summary>
    public const string Form = "1 to 128 letters, digits and . _ - : @ /";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:@/");

    private PrincipalId(string value) => Value = value;

    /// <summary>The text form.</summary>
    public string Value { get; }

    /// <summary>Reads an identifier; false if it is empty, too long or holds another character.</summary>
    public static bool TryParse(string? text, out PrincipalId id)
    {
        var valid = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
        id = valid ? new PrincipalId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
