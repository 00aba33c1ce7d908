using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

/// <summary>A real vault over TLS on a manual clock, and two instances that share it.</summary>
public abstract class ApiKeyTests : IAsyncLifetime
{
    private protected const string Invalid = nameof(RefusalCode.CredentialInvalid);
    private protected const string Unavailable = nameof(RefusalCode.DependencyUnavailable);
    private protected const string Throttled = nameof(RefusalCode.RateLimited);
    private protected const string Caller = "app:billing";

    private protected static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ManualTimeProvider _clock = new();
    private LocalVaultFixture? _vault;
    private IdentityHarness? _here;
    private IdentityHarness? _elsewhere;

    private protected ManualTimeProvider Clock => _clock;

    private protected LocalVaultFixture Vault => _vault!;

    private protected IdentityHarness Here => _here!;

    private protected IdentityHarness Elsewhere => _elsewhere!;

    public async Task InitializeAsync()
    {
        _vault = await LocalVaultFixture.StartAsync(_clock);
        _here = new IdentityHarness(_vault, _clock);
        _elsewhere = new IdentityHarness(_vault, _clock);
    }

    public async Task DisposeAsync()
    {
        await Here.DisposeAsync();
        await Elsewhere.DisposeAsync();
        await Vault.DisposeAsync();
    }

    /// <summary>Asks, and lets the clock go on as long as the answer waits for it.</summary>
    private protected async Task<string> AskWhileTimePassesAsync(IdentityHarness instance, string key)
    {
        var answer = instance.AskAsync(key);
        while (!answer.IsCompleted)
        {
            await UntilAsync(() => answer.IsCompleted || Clock.ArmedTimers > 0);
            if (!answer.IsCompleted)
            {
                Clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        }

        return await answer;
    }

    private protected static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        do
        {
            await Task.Delay(5, limit.Token);
        }
        while (!condition());
    }
}
