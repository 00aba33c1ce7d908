using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FuncAiSecure.Cli.Tests;

/// <summary>Ctrl-C while the vault, or whoever types, keeps silent, on the program itself.</summary>
public sealed class InterruptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_interrupted_command_ends_without_a_stack()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var patience = new CancellationTokenSource(Patience);
        using var funcai = Start(((IPEndPoint)silent.LocalEndpoint).Port, "audit", "init");
        var (output, error) = (funcai.StandardOutput.ReadToEndAsync(patience.Token), funcai.StandardError.ReadToEndAsync(patience.Token));
        using var asked = await silent.AcceptTcpClientAsync(patience.Token);

        await InterruptAsync(funcai, patience.Token);
        (await output + await error).ShouldBeEmpty();
    }

    [Fact]
    public async Task Command_that_waits_for_input_can_be_interrupted()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var funcai = Start(0, "guard", "redact");
        await funcai.StandardInput.WriteLineAsync("hello".AsMemory(), patience.Token);
        await funcai.StandardInput.FlushAsync(patience.Token);
        (await funcai.StandardOutput.ReadLineAsync(patience.Token)).ShouldBe("hello");

        await InterruptAsync(funcai, patience.Token);
        (await funcai.StandardError.ReadToEndAsync(patience.Token)).ShouldBeEmpty();
    }

    private static async Task InterruptAsync(Process funcai, CancellationToken patience)
    {
        using (var kill = Process.Start("kill", ["-INT", funcai.Id.ToString()]))
        {
            await kill.WaitForExitAsync(patience);
        }

        await funcai.WaitForExitAsync(patience);
        funcai.ExitCode.ShouldBe(130);
    }

    private static Process Start(int port, params string[] command)
    {
        // A test run started in the background of a shell ignores interrupts and would hand that down.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "funcai.dll"), .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FuncAiSecure__Vault__Uri"] = $"https://127.0.0.1:{port}/";
        start.Environment["FuncAiSecure__Vault__Timeout"] = Patience.ToString();
        return Process.Start(start)!;
    }
}
