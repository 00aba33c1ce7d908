using System.Linq.Expressions;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>The tables of one account.</summary>
public partial class TableServiceClient
{
    private readonly TableConnection _connection;

    /// <summary>For fakes.</summary>
    protected TableServiceClient()
    {
    }

    /// <summary>Connects by a connection string.</summary>
    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <summary>Connects by a connection string.</summary>
    public TableServiceClient(string connectionString, TableClientOptions options = null) =>
        _connection = TableConnection.Open(connectionString, options);

    /// <summary>Connects by a shared access signature.</summary>
    public TableServiceClient(Uri endpoint, AzureSasCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <summary>Connects by a shared access signature.</summary>
    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null) =>
        _connection = TableConnection.Open(endpoint, credential, options);

    /// <summary>Connects by Entra ID tokens.</summary>
    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null) =>
        _connection = TableConnection.Open(endpoint, tokenCredential, options);

    /// <summary>Connects by the shared access signature in the URI.</summary>
    public TableServiceClient(Uri endpoint, TableClientOptions options = null) => _connection = TableConnection.Open(endpoint, options);

    /// <summary>Connects by the account's key.</summary>
    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <summary>Connects by the account's key.</summary>
    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options) =>
        _connection = TableConnection.Open(endpoint, credential, options);

    /// <summary>The account's name.</summary>
    public virtual string AccountName => _connection.AccountName;

    /// <summary>The service's address.</summary>
    public virtual Uri Uri => _connection.Endpoint;

    /// <summary>A client of one table over the same connection; asks nothing of the service.</summary>
    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return new TableClient(_connection, tableName);
    }

    /// <summary>Creates a table.</summary>
    public virtual Response<TableItem> CreateTable(string tableName, CancellationToken cancellationToken = default) =>
        Sync.Result(TableOperations.CreateAsync(_connection, tableName, false, false, cancellationToken));

    /// <summary>Creates a table.</summary>
    public virtual async Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        await TableOperations.CreateAsync(_connection, tableName, false, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Creates a table unless it is there.</summary>
    public virtual Response<TableItem> CreateTableIfNotExists(string tableName, CancellationToken cancellationToken = default) =>
        Sync.Result(TableOperations.CreateAsync(_connection, tableName, true, false, cancellationToken));

    /// <summary>Creates a table unless it is there.</summary>
    public virtual async Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        await TableOperations.CreateAsync(_connection, tableName, true, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes a table; one that is not there gives the 404 answer.</summary>
    public virtual Response DeleteTable(string tableName, CancellationToken cancellationToken = default) =>
        Sync.Result(TableOperations.DeleteAsync(_connection, tableName, false, cancellationToken));

    /// <summary>Deletes a table; one that is not there gives the 404 answer.</summary>
    public virtual async Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        await TableOperations.DeleteAsync(_connection, tableName, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Lists tables.</summary>
    public virtual Pageable<TableItem> Query(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new TablePages<TableItem>(TableOperations.Query(_connection, filter, maxPerPage), cancellationToken);

    /// <summary>Lists tables.</summary>
    public virtual Pageable<TableItem> Query(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        Query(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    /// <summary>Lists tables.</summary>
    public virtual Pageable<TableItem> Query(
        Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        Query(TableNameFilter(filter), maxPerPage, cancellationToken);

    /// <summary>Lists tables.</summary>
    public virtual AsyncPageable<TableItem> QueryAsync(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new AsyncTablePages<TableItem>(TableOperations.Query(_connection, filter, maxPerPage), cancellationToken);

    /// <summary>Lists tables.</summary>
    public virtual AsyncPageable<TableItem> QueryAsync(
        FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    /// <summary>Lists tables.</summary>
    public virtual AsyncPageable<TableItem> QueryAsync(
        Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(TableNameFilter(filter), maxPerPage, cancellationToken);

    /// <summary>A filter whose interpolated values are written as literals.</summary>
    public static string CreateQueryFilter(FormattableString filter) => FilterLiteral.Format(filter);

    private static string TableNameFilter(Expression<Func<TableItem, bool>> filter) =>
        FilterExpression.Translate(filter).Replace("Name ", "TableName ", StringComparison.Ordinal);
}
