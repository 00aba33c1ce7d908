using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Integrity;

namespace FuncAiSecure.Cli.Commands.Models;

/// <summary><c>funcai models sign</c>: signs a folder that is in order, and only then.</summary>
internal static class SignModel
{
    public static Command Create(CliContext context)
    {
        var folder = new Argument<string>("folder") { Description = "The version's folder" };
        var keyFile = new Option<string>("--key") { Description = "The PEM file with the private P-256 key", Required = true };
        var command = new Command("sign", "Sign a version: ECDSA P-256 over the manifest, whose hashes cover every file") { folder, keyFile };
        command.SetAction((parsed, cancellation) =>
        {
            var output = context.Open(parsed);
            return ModelSettings.GuardAsync(output, async () =>
            {
                var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetRequiredValue(folder)));
                using var key = ReadKey(parsed.GetRequiredValue(keyFile));

                // An earlier signature need not hold: it is about to be replaced.
                var result = await ModelFolderReader.ReadAsync(path, ModelTrust.Unsigned, cancellation);
                if (result.Folder is null)
                {
                    return ModelSettings.Finish(output, [ModelSettings.Report(path, result, result.Faults)]);
                }

                Replace(path, ModelTrust.Sign(key, result.Folder.ManifestBytes.Span));
                output.Write(new JsonObject { ["model"] = result.Manifest!.Name, ["version"] = result.Manifest.Version, ["signedBy"] = ModelTrust.KeyId(key) });
                return 0;
            });
        });
        return command;
    }

    // Whoever reads the folder meanwhile, and whatever the machine does, finds the earlier signature or the new one, never a part. The draft
    // lies beside the folder, which a file that the manifest does not name would have refused, and one that was left behind for good.
    private static void Replace(string folder, byte[] content)
    {
        var draft = Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.sig");
        try
        {
            File.Delete(draft);
            using (var stream = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, Path.Combine(folder, ModelManifest.SignatureFileName), overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static ECDsa ReadKey(string file)
    {
        var key = ECDsa.Create();
        var text = File.ReadAllText(file);
        try
        {
            key.ImportFromPem(text);
            _ = ModelTrust.Sign(key, default); // a public key cannot
            return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == "1.2.840.10045.3.1.7"
                ? key
                : throw new ArgumentException("The key must be of the curve P-256.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // The cause may quote the file, which holds a secret.
            key.Dispose();
            throw new ArgumentException("The key file must hold one private P-256 key in PEM.");
        }
    }
}
