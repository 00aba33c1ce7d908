using Azure;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Guards.Pii;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Guards;

/// <summary>
/// Reads the guards' secret from Key Vault when the host starts and tries again while it is not to be had. A deployment that uses
/// neither pseudonyms nor tokens needs no such secret.
/// </summary>
internal sealed partial class GuardKeySource(SecretClient vault, IOptions<GuardOptions> options, TimeProvider time, ILogger<GuardKeySource> logger)
    : BackgroundService, IGuardKeySource
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(60);
    private GuardKeys? _keys;
    private bool _absenceIsTold;

    /// <inheritdoc/>
    public GuardKeys? Current => Volatile.Read(ref _keys);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (Current is null && !stoppingToken.IsCancellationRequested)
        {
            await ReadAsync(stoppingToken).ConfigureAwait(false);
            if (Current is null)
            {
                await Task.Delay(Again, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            KeyVaultSecret secret = await vault.GetSecretAsync(options.Value.KeySecretName, cancellationToken: cancellation).ConfigureAwait(false);
            Volatile.Write(ref _keys, new GuardKeys(Convert.FromBase64String(secret.Value)));
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Where nobody needs it this is how things are, not news every minute.
            if (!_absenceIsTold)
            {
                Log.NoKey(logger, options.Value.KeySecretName);
            }

            _absenceIsTold = true;
        }
        catch (RequestFailedException e)
        {
            Log.VaultAway(logger, e.Status);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // The message could hold the value: only the fact is told.
            Log.BadKey(logger, options.Value.KeySecretName);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        catch (Exception)
        {
            // A service that throws ends the host: whatever is wrong with the vault, a time-out among it, is tried again.
            Log.VaultAway(logger, 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Information, "No secret {Name} in the vault: pseudonyms and tokens are off, and refused where a manifest wants them")]
        public static partial void NoKey(ILogger logger, string name);

        [LoggerMessage(5002, LogLevel.Warning, "The guards' secret could not be read from the vault (status {Status})")]
        public static partial void VaultAway(ILogger logger, int status);

        [LoggerMessage(5003, LogLevel.Error, "The secret {Name} is not base64 of at least 32 bytes")]
        public static partial void BadKey(ILogger logger, string name);
    }
}
