using System.Globalization;
using FuncAiSecure.LocalVault;

if (!TryReadArguments(args, out var options))
{
    await Console.Error.WriteLineAsync("usage: FuncAiSecure.LocalVault [--port N] [--data DIR] [--ready-file FILE]");
    return 2;
}

await using var server = await LocalVaultServer.StartAsync(options, TimeProvider.System, CancellationToken.None);
await Console.Out.WriteLineAsync($"Local vault on {server.Uri}, data in {Path.GetDirectoryName(server.TokenFile)}");
await server.WaitForShutdownAsync(CancellationToken.None);
return 0;

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
