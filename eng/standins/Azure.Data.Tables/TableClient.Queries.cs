using System.Linq.Expressions;
using Azure.Core;

namespace Azure.Data.Tables;

/// <content>Queries and transactions.</content>
public partial class TableClient
{
    /// <summary>Reads every entity that the filter lets through, page by page.</summary>
    public virtual Pageable<T> Query<T>(
        string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new TablePages<T>(EntityOperations.Query<T>(_connection, Name, filter, maxPerPage, select), cancellationToken);

    /// <summary>Reads every entity that the filter lets through, page by page.</summary>
    public virtual Pageable<T> Query<T>(
        Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        Query<T>(CreateQueryFilter(filter), maxPerPage, select, cancellationToken);

    /// <summary>Reads every entity that the filter lets through, page by page.</summary>
    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new AsyncTablePages<T>(EntityOperations.Query<T>(_connection, Name, filter, maxPerPage, select), cancellationToken);

    /// <summary>Reads every entity that the filter lets through, page by page.</summary>
    public virtual AsyncPageable<T> QueryAsync<T>(
        Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        QueryAsync<T>(CreateQueryFilter(filter), maxPerPage, select, cancellationToken);

    /// <summary>Applies all actions or none; they share a partition.</summary>
    public virtual Response<IReadOnlyList<Response>> SubmitTransaction(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        Sync.Result(SubmitAsync(transactionActions, false, cancellationToken));

    /// <summary>Applies all actions or none; they share a partition.</summary>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        await SubmitAsync(transactionActions, true, cancellationToken).ConfigureAwait(false);

    private async ValueTask<Response<IReadOnlyList<Response>>> SubmitAsync(
        IEnumerable<TableTransactionAction> actions, bool isAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actions);
        var boundary = $"batch_{Guid.NewGuid():N}";
        var body = Changeset.Write(_connection.EndpointText, Name, boundary, actions);
        using var message = _connection.CreateMessage(RequestMethod.Post, "/$batch");
        TableConnection.SetBody(message, body, $"multipart/mixed; boundary={boundary}");
        var response = await _connection.SendAsync(message, isAsync, cancellationToken).ConfigureAwait(false);
        if (response.Status != 202)
        {
            throw new RequestFailedException(response);
        }

        var parts = ChangesetAnswer.Read(response.Content.ToMemory());
        return parts.Find(part => part.Status >= 400) is { } failed
            ? throw ChangesetAnswer.Failure(failed)
            : Response.FromValue<IReadOnlyList<Response>>(parts, response);
    }
}
