using System.Globalization;

namespace FuncAiSecure.Core.Models.Integrity;

/// <summary>Puts a verified folder into a models directory: the bytes that were verified, all of them or none.</summary>
public static class ModelInstaller
{
    /// <summary>
    /// Writes the folder to <c>NAME/VERSION</c>. Throws <see cref="IOException"/> where that cannot be written.
    /// </summary>
    /// <returns>The new folder's path; null where this version is there already: versions are never replaced.</returns>
    public static async Task<string?> InstallAsync(ModelFolder folder, string modelsDirectory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var home = Path.Combine(modelsDirectory, folder.Manifest.Name);
        var target = Path.Combine(home, folder.Manifest.Version.ToString(CultureInfo.InvariantCulture));
        if (Directory.Exists(target) || File.Exists(target))
        {
            return null;
        }

        // A name that the catalog passes over, until everything is there; the rename is one step.
        var draft = Path.Combine(home, $".{folder.Manifest.Version}-{folder.Digest[..8]}");
        try
        {
            Directory.CreateDirectory(draft);
            foreach (var (path, bytes) in folder.Originals)
            {
                var file = Path.Combine(draft, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllBytesAsync(file, bytes, cancellation).ConfigureAwait(false);
            }

            Directory.Move(draft, target);
            return target;
        }
        finally
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }
    }
}
