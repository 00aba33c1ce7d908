using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FuncAiSecure.Cli.Tests;

/// <summary>Ctrl-C while the vault keeps silent, on the program itself.</summary>
public sealed class InterruptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_interrupted_command_ends_without_a_stack()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var patience = new CancellationTokenSource(Patience);
        using var funcai = Start(((IPEndPoint)silent.LocalEndpoint).Port);
        var (output, error) = (funcai.StandardOutput.ReadToEndAsync(patience.Token), funcai.StandardError.ReadToEndAsync(patience.Token));
        using var asked = await silent.AcceptTcpClientAsync(patience.Token);

        using (var kill = Process.Start("kill", ["-INT", funcai.Id.ToString()]))
        {
            await kill.WaitForExitAsync(patience.Token);
        }

        await funcai.WaitForExitAsync(patience.Token);
        funcai.ExitCode.ShouldBe(130);
        (await output + await error).ShouldBeEmpty();
    }

    private static Process Start(int port)
    {
        // A test run started in the background of a shell ignores interrupts and would hand that down.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "funcai.dll"), "audit", "init"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FuncAiSecure__Vault__Uri"] = $"https://127.0.0.1:{port}/";
        start.Environment["FuncAiSecure__Vault__Timeout"] = Patience.ToString();
        return Process.Start(start)!;
    }
}
