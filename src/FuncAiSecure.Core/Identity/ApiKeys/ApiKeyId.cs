namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>The public handle of an API key: 16 base-62 digits. Not secret; safe to log.</summary>
public readonly record struct ApiKeyId
{
    /// <summary>Length of the text form.</summary>
    public const int Length = 16;

    private ApiKeyId(UInt128 value) => Value = value;

    /// <summary>The digits as a number (at most 96 bits), to be compared and hashed without a string.</summary>
    internal UInt128 Value { get; }

    /// <summary>The name of the vault's secret that holds this key's record.</summary>
    public string SecretName => ApiKeyRecord.SecretNamePrefix + this;

    /// <summary>Reads the text form; false unless it is 16 base-62 digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ApiKeyId id)
    {
        id = default;
        if (text.Length != Length || !Base62.IsValid(text))
        {
            return false;
        }

        // Two halves of eight digits, so that the arithmetic stays in 64 bits.
        id = new ApiKeyId(((UInt128)Half(text[..8]) << 64) | Half(text[8..]));
        return true;
    }

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        Span<byte> digits = stackalloc byte[Length];
        Base62.Write((ulong)(Value >> 64), digits[..8]);
        Base62.Write((ulong)Value, digits[8..]);
        return System.Text.Encoding.ASCII.GetString(digits);
    }

    private static ulong Half(ReadOnlySpan<char> digits)
    {
        var value = 0ul;
        foreach (var c in digits)
        {
            value = (value * 62) + (ulong)(c <= '9' ? c - '0' : c <= 'Z' ? c - 'A' + 10 : c - 'a' + 36);
        }

        return value;
    }
}
