using System.Security.Cryptography;

namespace FuncAiSecure.Core.Audit.Chains;

/// <summary>
/// HMAC-SHA256 (RFC 2104) under one key for many calls on many threads. The framework's one-shot method sets up the key on each call,
/// which takes longer than hashing half a kilobyte; here set-up keys lie ready, one for each core.
/// </summary>
internal sealed class KeyedHash(byte[] key)
{
    private readonly IncrementalHash?[] _ready = new IncrementalHash?[Environment.ProcessorCount];

    /// <summary>The code of three parts, as if they stood in one piece.</summary>
    /// <param name="first">The first part.</param>
    /// <param name="second">The second part.</param>
    /// <param name="third">The third part.</param>
    /// <param name="mac">Receives 32 bytes.</param>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> mac)
    {
        ref var place = ref _ready[Environment.CurrentManagedThreadId % _ready.Length];
        var hash = Interlocked.Exchange(ref place, null) ?? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(first);
        hash.AppendData(second);
        hash.AppendData(third);
        hash.GetHashAndReset(mac);
        Interlocked.Exchange(ref place, hash)?.Dispose();
    }
}
