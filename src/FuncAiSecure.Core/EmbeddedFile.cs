namespace FuncAiSecure.Core;

/// <summary>Files that are part of this assembly: tables, word lists, the manifest's schema.</summary>
internal static class EmbeddedFile
{
    /// <summary>The content of a file by its logical name in the project.</summary>
    /// <exception cref="InvalidOperationException">The assembly was built without it.</exception>
    public static byte[] Read(string name)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is missing from the assembly.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
