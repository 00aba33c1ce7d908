using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace FuncAiSecure.Core.Storage;

/// <summary>
/// Calls to a table that is made when one of them finds it missing. A service that refuses or does not answer is said and not thrown;
/// the caller's own leaving is thrown.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="onTrouble">Told the HTTP status of each failure; 0 where there was no answer.</param>
internal sealed class TableCalls(TableClient table, Action<int> onTrouble)
{
    /// <summary>Calls; whether it was done.</summary>
    public async ValueTask<bool> TryAsync(Func<Task> call, CancellationToken cancellationToken) => await AskAsync(
        async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    /// <summary>Calls; what was answered, or the type's default where it was not done.</summary>
    public async ValueTask<T?> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (RequestFailedException failure) when (failure.ErrorCode == TableErrorCode.TableNotFound)
            {
                await table.CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);
                return await call().ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (ServiceFailure.Is(failure, cancellationToken))
        {
            onTrouble(ServiceFailure.StatusOf(failure));
            return default;
        }
    }
}
