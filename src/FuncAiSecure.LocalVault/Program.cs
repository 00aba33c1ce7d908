using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using FuncAiSecure.LocalVault;

const string Usage = "usage: FuncAiSecure.LocalVault [--port N] [--data DIR] [--ready-file FILE]";
if (args is ["--help" or "-h"])
{
    await Console.Out.WriteLineAsync(Usage);
    return 0;
}

if (!TryReadArguments(args, out var options))
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

try
{
    await using var server = await LocalVaultServer.StartAsync(options, TimeProvider.System, CancellationToken.None);
    await Console.Out.WriteLineAsync($"Local vault on {server.Uri}, data in {Path.GetDirectoryName(server.TokenFile)}");
    await server.WaitForShutdownAsync(CancellationToken.None);
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or CryptographicException)
{
    await Console.Error.WriteLineAsync($"The vault cannot start: {e.Message}");
    return 1;
}

static bool TryReadArguments(string[] args, out LocalVaultOptions options)
{
    options = new LocalVaultOptions();
    if (args.Length % 2 != 0)
    {
        return false;
    }

    for (var i = 0; i < args.Length; i += 2)
    {
        var value = args[i + 1];
        switch (args[i])
        {
            case "--port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65_535:
                options = new LocalVaultOptions { Port = port, DataDirectory = options.DataDirectory, ReadyFile = options.ReadyFile };
                break;
            case "--data" when value.Length > 0:
                options = new LocalVaultOptions { Port = options.Port, DataDirectory = value, ReadyFile = options.ReadyFile };
                break;
            case "--ready-file" when value.Length > 0:
                options = new LocalVaultOptions { Port = options.Port, DataDirectory = options.DataDirectory, ReadyFile = value };
                break;
            default:
                return false;
        }
    }

    return true;
}
