using System.Diagnostics;
using System.Globalization;
using Azure.Data.Tables;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.TestSupport;
using Xunit.Abstractions;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>Eight operating-system processes share one amount of 5,000 over Azurite; each tries 2,500 times.</summary>
public sealed class QuotaProcessesTests(ITestOutputHelper output)
{
    private const int Amount = 5_000;
    private const int Processes = 8;
    private const int Tries = 2_500;

    [Fact]
    public async Task Eight_processes_admit_the_amount_and_never_more()
    {
        await using var azurite = await AzuriteFixture.StartAsync();
        await using var run = await Run.StartAsync(azurite, Processes, Tries);

        run.Go();
        await run.FinishAsync();

        output.WriteLine(run.Summary);
        run.Admitted.ShouldBeInRange(Amount - (Amount / 100), Amount);
        run.Finished.ShouldBe(Processes);
    }

    [Fact]
    public async Task A_killed_process_and_a_restarted_service_strand_no_more_than_the_stated_lease()
    {
        await using var azurite = await AzuriteFixture.StartAsync(persistent: true);
        await using var run = await Run.StartAsync(azurite, Processes, Tries);

        run.Go();
        await run.WaitForAsync(800);
        run.Kill(0);
        await run.WaitForAsync(1_600);
        await azurite.StopAsync();
        await azurite.StartAgainAsync();
        await run.FinishAsync();

        var row = await ReadRowAsync(azurite);
        var stranded = row.Outstanding - run.Admitted;
        var stated = row.Entries.Sum(entry => entry.Held);
        output.WriteLine($"{run.Summary}; granted {row.Granted}, returned {row.Returned}, stranded {stranded}, stated lease {stated}");
        run.Admitted.ShouldBeLessThanOrEqualTo(Amount);
        run.Admitted.ShouldBeGreaterThanOrEqualTo(Amount - (Amount / 100) - (int)stranded);

        // The dead process held its stated lease, and requests that were admitted when it died and never told us.
        stranded.ShouldBeInRange(0, stated + Run.AtOnce);
        run.Finished.ShouldBe(Processes - 1);
    }

    private static async Task<WindowRow> ReadRowAsync(AzuriteFixture azurite)
    {
        var table = new TableClient(azurite.ConnectionString, "FuncAiSecureQuotas");
        await foreach (var entity in table.QueryAsync<TableEntity>("Granted ge 0L"))
        {
            WindowRowEntity.TryRead(entity, out var row).ShouldBeTrue();
            return row!;
        }

        throw new InvalidOperationException("There is no counter.");
    }

    private sealed class Run : IAsyncDisposable
    {
        public const int AtOnce = 16;
        private readonly List<Process> _processes = [];
        private readonly List<Task> _readers = [];
        private readonly SemaphoreSlim _ready = new(0);
        private readonly List<string> _ends = [];
        private int _admitted;

        public int Admitted => Volatile.Read(ref _admitted);

        public int Finished => _ends.Count;

        public string Summary => $"{Admitted} admitted; {string.Join(" | ", _ends)}";

        public static async Task<Run> StartAsync(AzuriteFixture azurite, int processes, int tries)
        {
            var run = new Run();
            for (var i = 0; i < processes; i++)
            {
                var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
                start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "FuncAiSecure.QuotaWorker.dll"));
                start.ArgumentList.Add(azurite.ConnectionString);
                start.ArgumentList.Add(tries.ToString(CultureInfo.InvariantCulture));
                start.ArgumentList.Add(AtOnce.ToString(CultureInfo.InvariantCulture));
                var process = Process.Start(start)!;
                run._processes.Add(process);
                run._readers.Add(run.ReadAsync(process));
            }

            for (var i = 0; i < processes; i++)
            {
                (await run._ready.WaitAsync(TimeSpan.FromSeconds(120))).ShouldBeTrue("a worker did not start");
            }

            return run;
        }

        public void Go() => _processes.ForEach(process => process.StandardInput.WriteLine());

        public void Kill(int index) => _processes[index].Kill();

        public async Task WaitForAsync(int admitted)
        {
            for (var checks = 0; Admitted < admitted && checks < 6_000; checks++)
            {
                await Task.Delay(10);
            }

            Admitted.ShouldBeGreaterThanOrEqualTo(admitted);
        }

        public Task FinishAsync() => Task.WhenAll(_readers).WaitAsync(TimeSpan.FromMinutes(3));

        public async ValueTask DisposeAsync()
        {
            foreach (var process in _processes)
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }

                await process.WaitForExitAsync();
                process.Dispose();
            }

            _ready.Dispose();
        }

        private async Task ReadAsync(Process process)
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                switch (line)
                {
                    case "ready":
                        _ready.Release();
                        break;
                    case "a":
                        Interlocked.Increment(ref _admitted);
                        break;
                    default:
                        lock (_ends)
                        {
                            _ends.Add(line);
                        }

                        break;
                }
            }
        }
    }
}
