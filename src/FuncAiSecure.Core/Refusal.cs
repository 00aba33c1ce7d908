using System.Collections.Immutable;

namespace FuncAiSecure.Core;

/// <summary>An expected refusal as a value: what a control decided, before anybody knows about HTTP.</summary>
/// <param name="Code">The stable code; the HTTP edge maps it to status, title and headers.</param>
public sealed record Refusal(RefusalCode Code)
{
    /// <summary>One sentence for the caller. Never the caller's own text, a path, a type name or a dependency's message.</summary>
    public string? Detail { get; init; }

    /// <summary>What is wrong on this side, for logs and operators; no caller is told. Never a caller's text or a value of one.</summary>
    public string? Fault { get; init; }

    /// <summary>How long to wait before asking again can succeed; null where asking again does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The name of the exhausted rate limit or quota policy.</summary>
    public string? Policy { get; init; }

    /// <summary>The request member that is at fault, as clients of the OpenAI shape expect in <c>param</c>.</summary>
    public string? Parameter { get; init; }

    /// <summary>What is wrong with the input, one entry a fault.</summary>
    public ImmutableArray<InputError> Errors { get; init; } = [];
}

/// <summary>One fault of an input.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) into the request body.</param>
/// <param name="Message">What is wrong, without the caller's text.</param>
public readonly record struct InputError(string Pointer, string Message);
