using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace FuncAiSecure.Http;

/// <summary>The id under which caller, audit trail and log speak of a request.</summary>
internal static class RequestId
{
    /// <summary>The longest id that is taken over from a caller, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Safe =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly ulong Process = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    private static ulong _counter;

    /// <summary>The caller's id where it is a safe token, else a new one: nothing else of the caller's is ever echoed.</summary>
    /// <param name="sent">What the caller sent.</param>
    /// <param name="now">The time that a new id carries.</param>
    public static string TakeOver(string? sent, DateTimeOffset now) =>
        IsSafe(sent) ? sent : New(now);

    /// <summary>Whether a text can be an id.</summary>
    public static bool IsSafe([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Safe);

    // 48 bits of milliseconds, so that ids sort by time, then 16 of a counter and 64 that are random for the process: unique, not
    // secret, and without a call to the system's random source a request.
    private static string New(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(id, ((ulong)now.ToUnixTimeMilliseconds() << 16) | (Interlocked.Increment(ref _counter) & 0xFFFF));
        BinaryPrimitives.WriteUInt64BigEndian(id[8..], Process);
        return Convert.ToHexStringLower(id);
    }
}
