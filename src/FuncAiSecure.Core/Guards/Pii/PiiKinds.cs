using System.Collections.Immutable;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>The wire names of <see cref="PiiKind"/>, as manifests, placeholders and verdicts spell them.</summary>
public static class PiiKinds
{
    private static readonly string[] Names =
    [
        "EMAIL", "PHONE", "PAYMENT_CARD", "IBAN", "BIC", "US_SSN", "US_ITIN", "UK_NHS", "UK_NINO", "NATIONAL_ID", "PASSPORT",
        "DRIVING_LICENCE", "IP_ADDRESS", "MAC_ADDRESS", "URL", "URL_CREDENTIALS", "API_KEY", "PRIVATE_KEY", "CRYPTO_ADDRESS", "DATE_OF_BIRTH",
        "PERSON", "ADDRESS",
    ];

    /// <summary>All kinds, in the order of their values.</summary>
    public static ImmutableArray<PiiKind> All { get; } = [.. Enum.GetValues<PiiKind>()];

    /// <summary>The wire name of a kind: <c>EMAIL</c>.</summary>
    public static string NameOf(PiiKind kind) => Names[(int)kind];

    /// <summary>Whether a kind is looked for only where a policy names it.</summary>
    public static bool IsOnlyByName(PiiKind kind) => kind is PiiKind.Person or PiiKind.Address;

    /// <summary>The kind of a wire name; false for a name that is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out PiiKind kind)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i]))
            {
                kind = (PiiKind)i;
                return true;
            }
        }

        kind = default;
        return false;
    }
}
