using System.Buffers;

namespace FuncAiSecure.Http;

/// <summary>The id under which caller, audit trail and log speak of a request.</summary>
internal static class RequestId
{
    /// <summary>The longest id that is taken over from a caller, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Safe =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>The caller's id where it is a safe token, else a new one: nothing else of the caller's is ever echoed.</summary>
    public static string TakeOver(string? sent) =>
        sent is { Length: > 0 and <= MaxLength } && !sent.AsSpan().ContainsAnyExcept(Safe) ? sent : Guid.CreateVersion7().ToString("N");
}
