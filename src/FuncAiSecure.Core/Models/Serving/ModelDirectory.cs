using System.Globalization;

namespace FuncAiSecure.Core.Models.Serving;

/// <summary>Which folders of the models directory claim to be versions. What they hold is not looked at here.</summary>
internal static class ModelDirectory
{
    /// <summary>Names, versions and paths; empty where the directory is missing. Throws <see cref="IOException"/> where it cannot be read.</summary>
    public static IEnumerable<(string Name, int Version, string Path)> Scan(string directory)
    {
        var root = new DirectoryInfo(directory);
        if (!root.Exists)
        {
            yield break;
        }

        foreach (var model in root.EnumerateDirectories().Where(folder => IsName(folder.Name)))
        {
            foreach (var folder in model.EnumerateDirectories())
            {
                // One spelling only: 07 and +7 are not 7.
                if (int.TryParse(folder.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                    && version > 0
                    && version.ToString(CultureInfo.InvariantCulture) == folder.Name)
                {
                    yield return (model.Name, version, folder.FullName);
                }
            }
        }
    }

    /// <summary>The same; null where the directory is missing, as a share that is not mounted, or cannot be read.</summary>
    public static IReadOnlyList<(string Name, int Version, string Path)>? TryScan(string directory)
    {
        try
        {
            return Directory.Exists(directory) ? [.. Scan(directory)] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(name[0]) && !name.Any(char.IsAsciiLetterUpper);
}
