using System.Buffers;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>Base 62 with the digits <c>0-9 A-Z a-z</c>, most significant first, always of fixed width.</summary>
internal static class Base62
{
    public const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> Valid = SearchValues.Create(Digits);

    /// <summary>Are all characters digits of the base?</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Valid);

    /// <summary>Writes the lowest digits of a value, as many as fit.</summary>
    public static void Write(ulong value, Span<byte> destination)
    {
        for (var i = destination.Length - 1; i >= 0; i--)
        {
            (value, var digit) = Math.DivRem(value, 62);
            destination[i] = (byte)Digits[(int)digit];
        }
    }
}
