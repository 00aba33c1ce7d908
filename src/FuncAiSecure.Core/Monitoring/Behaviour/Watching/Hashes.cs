using System.Numerics;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Watching;

/// <summary>Hashes that stay the same over processes, so that a saved profile finds its principal again.</summary>
internal static class Hashes
{
    /// <summary>FNV-1a over the UTF-16 units with a final mix; never 0. Ids are given out by operators: nobody searches for collisions.</summary>
    public static ulong Of(ReadOnlySpan<char> text, int version = 0)
    {
        var hash = 14695981039346656037UL ^ (uint)version;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return BitOperations.RotateLeft(hash, 29) | 1;
    }
}
