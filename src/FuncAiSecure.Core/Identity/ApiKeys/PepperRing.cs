using System.Collections.Immutable;
using System.Security.Cryptography;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>The peppers that keys may be signed under, the latest first; usually one, two while a pepper is rotated.</summary>
internal sealed class PepperRing(ImmutableArray<Pepper> peppers)
{
    public ImmutableArray<Pepper> Peppers { get; } = peppers;

    /// <summary>Did this deployment issue the key? If so, gives the MAC of its id and secret.</summary>
    public bool TryVerify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag, DateTimeOffset now, out Mac256 mac)
    {
        Span<byte> expected = stackalloc byte[ApiKeyFormat.TagLength];
        foreach (var pepper in Peppers)
        {
            if (pepper.Expires <= now)
            {
                continue;
            }

            mac = pepper.Sign(message);
            mac.WriteTag(expected);
            if (CryptographicOperations.FixedTimeEquals(expected, tag))
            {
                return true;
            }
        }

        mac = default;
        return false;
    }
}
