using System.Globalization;
using System.Text;

namespace FuncAiSecure.Core.Models.Integrity;

/// <summary>What lies in a version's folder, before anything of it is believed.</summary>
internal static class FolderListing
{
    private const int MaxEntries = 1024;

    /// <summary>Files by path with <c>/</c>; links, odd entries and too many of them become faults.</summary>
    public static Dictionary<string, FileInfo> Read(string directory, List<ModelFault> faults)
    {
        var files = new Dictionary<string, FileInfo>(StringComparer.Ordinal);
        var open = new Queue<(DirectoryInfo Directory, string Prefix)>([(new DirectoryInfo(directory), "")]);
        var entries = 0;
        while (open.TryDequeue(out var next))
        {
            foreach (var entry in next.Directory.EnumerateFileSystemInfos())
            {
                var path = next.Prefix + entry.Name;
                if (++entries > MaxEntries)
                {
                    faults.Add(new("", null, $"has more than {MaxEntries} entries"));
                    return files;
                }

                if (FileLinks.IsSymbolic(entry))
                {
                    faults.Add(new(path, null, "is a link"));
                }
                else if (entry is DirectoryInfo inner)
                {
                    open.Enqueue((inner, path + "/"));
                }
                else
                {
                    files[path] = (FileInfo)entry;
                }
            }
        }

        return files;
    }

    /// <summary>A short text that changes when names, lengths or times of files do; for noticing a repaired folder, never for trust.</summary>
    public static string Fingerprint(string directory)
    {
        var text = new StringBuilder();
        try
        {
            foreach (var (path, file) in Read(directory, []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"{path}|{file.Length}|{file.LastWriteTimeUtc.Ticks}|{(int)file.Attributes}\n");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            text.Append("unreadable");
        }

        return text.ToString();
    }
}
