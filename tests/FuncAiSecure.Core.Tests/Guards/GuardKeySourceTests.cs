using System.Text;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Secrets;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Guards;

/// <summary>The guards' key comes from the vault as soon as it is there, and its absence ends nothing but what needs it.</summary>
public sealed class GuardKeySourceTests : IAsyncLifetime
{
    private const string Secret = "guard-data-key";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly ManualTimeProvider _time = new();
    private readonly Lines _log = new();
    private LocalVaultFixture _vault = null!;

    public async Task InitializeAsync() => _vault = await LocalVaultFixture.StartAsync();

    public async Task DisposeAsync() => await _vault.DisposeAsync();

    [Fact]
    public async Task Key_is_had_from_the_start_where_it_is_there()
    {
        await _vault.CreateClient().SetSecretAsync(Secret, Convert.ToBase64String(new byte[32]));

        await RunAsync(async source => await UntilAsync(() => source.Current is not null));
    }

    [Theory]
    [InlineData("stalled")]
    [InlineData("cut")]
    [InlineData("refusing")]
    [InlineData("no token")]
    [InlineData("no secret")]
    public async Task Vault_that_is_away_is_asked_again_and_ends_nothing(string trouble)
    {
        TaskCompletionSource stall = new();
        string token = File.ReadAllText(_vault.Options.LocalTokenFile!);
        _vault.Faults.Gate = trouble == "stalled" ? stall.Task : Task.CompletedTask;
        _vault.Faults.Unreachable = trouble == "cut";
        _vault.Faults.Unavailable = trouble == "refusing";
        if (trouble == "no token")
        {
            File.Delete(_vault.Options.LocalTokenFile!);
        }

        // Whoever is not away must not seem so on a busy machine: only a vault that stalls is given up soon.
        await RunAsync(timeout: trouble == "stalled" ? TimeSpan.FromSeconds(1) : Patience, check: async source =>
        {
            await UntilAsync(() => _log.Count > 0 || source.ExecuteTask!.IsCompleted);
            source.ExecuteTask!.IsCompleted.ShouldBeFalse();
            source.Current.ShouldBeNull();

            File.WriteAllText(_vault.Options.LocalTokenFile!, token);
            (_vault.Faults.Gate, _vault.Faults.Unreachable, _vault.Faults.Unavailable) = (Task.CompletedTask, false, false);
            stall.SetResult();
            await _vault.CreateClient().SetSecretAsync(Secret, Convert.ToBase64String(new byte[32]));
            await UntilAsync(() =>
            {
                _time.Advance(Again);
                return source.Current is not null;
            });
        });
    }

    [Theory]
    [InlineData("canary not base64")]
    [InlineData("Y2FuYXJ5")]
    public async Task Secret_that_is_no_key_is_none_and_is_not_told(string value)
    {
        await _vault.CreateClient().SetSecretAsync(Secret, value);

        await RunAsync(async source =>
        {
            await UntilAsync(() => _log.Count > 0);
            source.Current.ShouldBeNull();
        });
        _log.ToString().ShouldNotContain(value);
    }

    [Fact]
    public async Task Absence_of_a_key_that_nobody_needs_is_told_once() => await RunAsync(async source =>
    {
        await UntilAsync(() => _log.Count > 0);
        var calls = _vault.Faults.TotalCalls;
        await UntilAsync(() =>
        {
            _time.Advance(Again);
            return _vault.Faults.TotalCalls > calls + 5;
        });

        _log.Count.ShouldBe(1);
    });

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!isSo())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private async Task RunAsync(Func<GuardKeySource, Task> check, TimeSpan? timeout = null)
    {
        VaultOptions options = _vault.Options;
        options.Timeout = timeout ?? Patience;
        using GuardKeySource source = new(VaultClientFactory.Create(options, TimeProvider.System), Options.Create(new GuardOptions()), _time, _log);
        await source.StartAsync(default);
        await check(source);
        await source.StopAsync(default);
    }

    private sealed class Lines : ILogger<GuardKeySource>
    {
        private readonly StringBuilder _lines = new();

        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _lines.AppendLine(formatter(state, exception)).Append(exception);
            Count++;
        }

        public override string ToString() => _lines.ToString();
    }
}
