using System.Diagnostics;

namespace FuncAiSecure.TestSupport;

/// <summary>Azurite's table service on a free loopback port. It ends with the test process, however that ends.</summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    /// <summary>The emulator's account.</summary>
    public const string AccountName = "devstoreaccount1";

    /// <summary>The emulator's key: public, the same everywhere.</summary>
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>A connection string behind which nobody listens.</summary>
    public const string Nowhere = $"AccountName={AccountName};AccountKey={AccountKey};TableEndpoint=http://127.0.0.1:1/x";

    // Azurite stops in order at SIGINT; the end of its standard input, which also a killed parent causes, is made one.
    private const string Launcher =
        "process.stdin.on('end', () => process.kill(process.pid, 'SIGINT')).resume(); process.argv.splice(1, 0, 'azurite-table'); require(process.argv.pop());";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string? _folder;
    private Process? _process;

    private AzuriteFixture(string? folder) => _folder = folder;

    /// <summary>Where a persistent one keeps its tables; null for one in memory.</summary>
    public string? Folder => _folder;

    /// <summary>The port; it stays over a restart.</summary>
    public int Port { get; private set; }

    /// <summary>Where the tables are.</summary>
    public Uri Endpoint => new($"http://127.0.0.1:{Port}/{AccountName}");

    /// <summary>The connection string.</summary>
    public string ConnectionString => $"AccountName={AccountName};AccountKey={AccountKey};TableEndpoint={Endpoint.AbsoluteUri}";

    /// <summary>The process's id, while it runs.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>Starts Azurite; persistent ones keep their tables over <see cref="StopAsync"/> and <see cref="StartAgainAsync"/>.</summary>
    public static async Task<AzuriteFixture> StartAsync(bool persistent = false)
    {
        var folder = persistent ? Directory.CreateTempSubdirectory("funcai-azurite-").FullName : null;
        var fixture = new AzuriteFixture(folder);
        for (var attempt = 0; ; attempt++)
        {
            fixture.Port = LoopbackPort.Free();
            try
            {
                await fixture.StartAgainAsync();
                return fixture;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                // Somebody else took the port in between.
            }
        }
    }

    /// <summary>Starts it on the same port after <see cref="StopAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "-e", Launcher, "--", "--tableHost", "127.0.0.1", "--tablePort", $"{Port}", "--disableTelemetry", "--silent", "--skipApiVersionCheck",
            .. _folder is null ? (string[])["--inMemoryPersistence"] : ["--location", _folder],
            Path.Combine(Repository.Root, "eng", "node_modules", "azurite", "dist", "src", "table", "main.js"),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("successfully started", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult(true);
            }
        };
        process.Exited += (_, _) => ready.TrySetResult(false);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (await ready.Task.WaitAsync(Patience))
        {
            _process = process;
            return;
        }

        process.Dispose();
        throw new InvalidOperationException("Azurite ended before it was ready; is eng/node_modules there?");
    }

    /// <summary>Stops it in order, so that a persistent one has everything on disk.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is not { } process)
        {
            return;
        }

        using (process)
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
