namespace FuncAiSecure.Core.Models.Manifests;

/// <summary>RFC 6901.</summary>
internal static class JsonPointer
{
    /// <summary>Goes one member down; <c>~</c> and <c>/</c> are escaped (section 3).</summary>
    public static string Member(string parent, string name) =>
        $"{parent}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>Goes one element down.</summary>
    public static string Element(string parent, int index) => $"{parent}/{index}";
}
