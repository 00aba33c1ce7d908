using System.Net.Sockets;
using FuncAiSecure;
using FuncAiSecure.Core;
using FuncAiSecure.LocalHost;
using FuncAiSecure.LocalHost.Settings;
using Microsoft.Extensions.Options;

if (!CommandLine.TryParse(args, out var commandLine, out var fault))
{
    Console.Error.WriteLine(fault);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

if (commandLine.ShowsHelp)
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

try
{
    SettingsEnvironment.Load(Console.Error);
    var options = new LocalHostOptions { Address = commandLine.Address, Port = commandLine.Port, StopsOnSignals = true };
    await using var host = LocalFunctionsHost.Create(options, FuncAiSecureApplication.Configure, typeof(FuncAiSecureApplication).Assembly);
    await host.StartAsync();
    Console.WriteLine($"Listening on {host.BaseAddress.GetLeftPart(UriPartial.Authority)}");
    await host.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is LocalHostException or SettingsException or OptionsValidationException
    or IOException or UnauthorizedAccessException or SocketException)
{
    // What an operator can put right: a sentence, not a stack trace.
    Console.Error.WriteLine($"The host cannot start: {e.Message}");
    return 1;
}
