using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace FuncAiSecure.LocalHost;

/// <summary>The program's arguments.</summary>
/// <param name="Port">Where to listen; 0 takes a free port.</param>
/// <param name="Address">Which of the machine's addresses to listen on.</param>
/// <param name="ShowsHelp">Whether only the usage is asked for.</param>
internal sealed record CommandLine(int Port, IPAddress Address, bool ShowsHelp)
{
    /// <summary>What the program takes.</summary>
    public const string Usage = "Usage: FuncAiSecure.LocalHost [--port N] [--address IP]   (defaults: 7071, 127.0.0.1; port 0 takes a free one)";

    private const int CoreToolsPort = 7071;

    /// <summary>Reads the arguments; on false the fault says what is wrong.</summary>
    public static bool TryParse(IReadOnlyList<string> args, [NotNullWhen(true)] out CommandLine? commandLine, [NotNullWhen(false)] out string? fault)
    {
        (commandLine, fault) = (null, null);
        var parsed = new CommandLine(CoreToolsPort, IPAddress.Loopback, false);
        for (var i = 0; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : string.Empty;
            switch (args[i])
            {
                case "--help" or "-h":
                    parsed = parsed with { ShowsHelp = true };
                    continue;
                case "--port" when ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port):
                    parsed = parsed with { Port = port };
                    break;
                case "--address" when IPAddress.TryParse(value, out var address):
                    parsed = parsed with { Address = address };
                    break;
                default:
                    fault = $"\"{args[i]}\" is not an argument, or its value is missing or wrong.";
                    return false;
            }

            i++;
        }

        commandLine = parsed;
        return true;
    }
}
