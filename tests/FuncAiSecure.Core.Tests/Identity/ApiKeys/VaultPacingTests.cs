using System.Collections.Concurrent;
using Azure;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

/// <summary>How often the vault hears of one key, by the clock that the instance lives by.</summary>
public sealed class VaultPacingTests : ApiKeyTests
{
    private const int StepsASecond = 2;

    // A tick more than a half: no number of steps is a whole second, so a pause of exactly nothing means "under way".
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1.0 / StepsASecond) + Tick;

    [Fact]
    public async Task Vault_hears_one_call_a_key_and_second_at_most_through_rotation_throttling_outage_and_recovery()
    {
        var client = new RecordingSecretClient(Vault.CreateClient(), Clock);
        await using var instance = new IdentityHarness(Vault, Clock, client: client);
        var first = await Elsewhere.CreateAsync();
        var second = await Elsewhere.CreateAsync();
        var keys = new List<string> { first.Key, second.Key };
        ApiKeyId[] ids = [first.Id, second.Id];
        await instance.AskAsync(first.Key);
        await instance.AskAsync(second.Key);
        var asked = new List<Task<string>>();
        for (var step = 0; step < 270 * StepsASecond; step++)
        {
            switch (step / (double)StepsASecond)
            {
                case 20:
                    keys.Add((await Elsewhere.Keys.RotateAsync(first.Id, TimeSpan.FromSeconds(200), KeyActor.VaultOperator, CancellationToken.None)).Value!.Key);
                    break;
                case 70:
                    instance.Cache.Forget(first.Id);
                    break;
                case 80:
                    Vault.Faults.ThrottleForSeconds = 3;
                    break;
                case 150:
                    Vault.Faults.ThrottleForSeconds = 0;
                    break;
                case 160:
                    Vault.Faults.ThrottleForSeconds = null;
                    break;
                case 190:
                    keys.Add((await Elsewhere.Keys.RotateAsync(first.Id, TimeSpan.FromSeconds(60), KeyActor.VaultOperator, CancellationToken.None)).Value!.Key);
                    break;
                case 200:
                    Vault.Faults.Unreachable = true;
                    break;
                case 230:
                    Vault.Faults.Unreachable = false;
                    break;
                case 250:
                    await Elsewhere.Keys.RevokeAsync(second.Id, CancellationToken.None);
                    break;
            }

            asked.AddRange(keys.Select(key => instance.AskAsync(key)));
            await UntilAsync(() => ids.All(id => instance.Cache.Find(id)?.UntilNextQuestion(Clock) != TimeSpan.Zero));
            Clock.Advance(Step);
        }

        await UntilAsync(() =>
        {
            Clock.Advance(Step);
            return asked.TrueForAll(answer => answer.IsCompleted);
        });
        foreach (var id in ids)
        {
            var calls = client.CallsFor(id.SecretName);
            calls.Count.ShouldBeInRange(6, 100);
            calls.Zip(calls.Skip(1), (one, next) => next - one).Min().ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        }

        (await Task.WhenAll(asked)).Count(answer => answer == Caller).ShouldBeGreaterThan(asked.Count / 2);
    }

    private sealed class RecordingSecretClient(SecretClient inner, ManualTimeProvider clock) : SecretClient
    {
        private readonly ConcurrentQueue<(string Name, DateTimeOffset At)> _calls = new();

        public IReadOnlyList<DateTimeOffset> CallsFor(string name) => [.. _calls.Where(call => call.Name == name).Select(call => call.At)];

        public override Task<Response<KeyVaultSecret>> GetSecretAsync(string name, string? version = null, CancellationToken cancellationToken = default)
        {
            _calls.Enqueue((name, clock.GetUtcNow()));
            return inner.GetSecretAsync(name, version, cancellationToken);
        }

        public override AsyncPageable<SecretProperties> GetPropertiesOfSecretVersionsAsync(string name, CancellationToken cancellationToken = default)
        {
            _calls.Enqueue((name, clock.GetUtcNow()));
            return inner.GetPropertiesOfSecretVersionsAsync(name, cancellationToken);
        }
    }
}
