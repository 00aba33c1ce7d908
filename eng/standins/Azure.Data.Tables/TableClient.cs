using System.Linq.Expressions;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>One table.</summary>
public partial class TableClient
{
    private readonly TableConnection _connection;

    /// <summary>For fakes.</summary>
    protected TableClient()
    {
    }

    /// <summary>Connects by a connection string.</summary>
    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    /// <summary>Connects by a connection string.</summary>
    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(TableConnection.Open(connectionString, options), tableName)
    {
    }

    /// <summary>Connects by a shared access signature; the URI names the table.</summary>
    public TableClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
        : this(TableConnection.Open(endpoint, credential, options), TableEndpoint.Parse(endpoint).Table)
    {
    }

    /// <summary>Connects by the shared access signature in the URI, which names the table.</summary>
    public TableClient(Uri endpoint, TableClientOptions options = null)
        : this(TableConnection.Open(endpoint, options), TableEndpoint.Parse(endpoint).Table)
    {
    }

    /// <summary>Connects by Entra ID tokens.</summary>
    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableConnection.Open(endpoint, tokenCredential, options), tableName)
    {
    }

    /// <summary>Connects by the account's key.</summary>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    /// <summary>Connects by the account's key.</summary>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(TableConnection.Open(endpoint, credential, options), tableName)
    {
    }

    internal TableClient(TableConnection connection, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        _connection = connection;
        Name = tableName;
        Uri = new Uri($"{connection.EndpointText}/{tableName}");
    }

    /// <summary>The account's name.</summary>
    public virtual string AccountName => _connection.AccountName;

    /// <summary>The table's name.</summary>
    public virtual string Name { get; }

    /// <summary>The table's address.</summary>
    public virtual Uri Uri { get; }

    /// <summary>Creates the table.</summary>
    public virtual Response<TableItem> Create(CancellationToken cancellationToken = default) =>
        Sync.Result(TableOperations.CreateAsync(_connection, Name, false, false, cancellationToken));

    /// <summary>Creates the table.</summary>
    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default) =>
        await TableOperations.CreateAsync(_connection, Name, false, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Creates the table unless it is there.</summary>
    public virtual Response<TableItem> CreateIfNotExists(CancellationToken cancellationToken = default) =>
        Sync.Result(TableOperations.CreateAsync(_connection, Name, true, false, cancellationToken));

    /// <summary>Creates the table unless it is there.</summary>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        await TableOperations.CreateAsync(_connection, Name, true, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes the table; one that is not there gives the 404 answer.</summary>
    public virtual Response Delete(CancellationToken cancellationToken = default) =>
        Sync.Result(TableOperations.DeleteAsync(_connection, Name, false, cancellationToken));

    /// <summary>Deletes the table; one that is not there gives the 404 answer.</summary>
    public virtual async Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        await TableOperations.DeleteAsync(_connection, Name, true, cancellationToken).ConfigureAwait(false);

    /// <summary>A filter whose interpolated values are written as literals.</summary>
    public static string CreateQueryFilter(FormattableString filter) => FilterLiteral.Format(filter);

    /// <summary>A filter from a lambda.</summary>
    public static string CreateQueryFilter<T>(Expression<Func<T, bool>> filter) => FilterExpression.Translate(filter);
}
