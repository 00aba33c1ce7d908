namespace FuncAiSecure.Core.Models;

/// <summary>One file of a model folder.</summary>
public sealed record ModelFile
{
    /// <summary>The path in the folder, with <c>/</c>; never leaves the folder, never starts with a dot.</summary>
    public required string Path { get; init; }

    /// <summary>The length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The SHA-256 of the content, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>One thing wrong with a model folder.</summary>
/// <param name="File">The file's path in the folder; empty for the folder itself.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) into the file; null where the file as a whole is meant.</param>
/// <param name="Message">What is wrong, in words.</param>
public readonly record struct ModelFault(string File, string? Pointer, string Message)
{
    /// <summary><c>model.json#/files/0/sha256: …</c></summary>
    public override string ToString() => Pointer is null ? $"{(File.Length == 0 ? "." : File)}: {Message}" : $"{File}#{Pointer}: {Message}";
}
