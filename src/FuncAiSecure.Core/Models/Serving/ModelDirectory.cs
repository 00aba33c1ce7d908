using System.Globalization;

namespace FuncAiSecure.Core.Models.Serving;

/// <summary>Which folders of the models directory claim to be versions. What they hold is not looked at here.</summary>
internal static class ModelDirectory
{
    /// <summary>What is there; null where the directory is missing, as a share that is not mounted, or cannot be read.</summary>
    public static DirectoryScan? TryScan(string directory)
    {
        try
        {
            return Scan(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static DirectoryScan Scan(string directory)
    {
        var scan = new DirectoryScan();
        foreach (var model in Models(directory))
        {
            scan.HasModels = true;
            try
            {
                scan.Versions.AddRange([.. Versions(model)]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                scan.Unreadable.Add(model.Name);
            }
        }

        return scan;
    }

    private static IEnumerable<DirectoryInfo> Models(string directory) =>
        new DirectoryInfo(directory).EnumerateDirectories().Where(folder => IsName(folder.Name));

    private static IEnumerable<(string Name, int Version, string Path)> Versions(DirectoryInfo model)
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

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(name[0]) && !name.Any(char.IsAsciiLetterUpper);
}

/// <summary>What a look at the models directory found.</summary>
internal sealed class DirectoryScan
{
    /// <summary>Folders that claim to be versions.</summary>
    public List<(string Name, int Version, string Path)> Versions { get; } = [];

    /// <summary>Models whose own folder cannot be listed: nobody knows what is in it.</summary>
    public HashSet<string> Unreadable { get; } = [];

    /// <summary>Whether there is a folder with a model's name, be it empty. A share that went away leaves none.</summary>
    public bool HasModels { get; set; }
}
