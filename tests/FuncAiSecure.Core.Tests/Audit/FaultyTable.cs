using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>
/// A table in memory, harder than the service: ETags change with each write, pages are small, and a fault can come before a write
/// or after it, when the write has happened and only its answer is lost.
/// </summary>
internal sealed partial class FaultyTable : TableClient
{
    private readonly SortedDictionary<(string Partition, string Row), TableEntity> _rows = new(KeyOrder.Instance);
    private readonly Lock _gate = new();
    private long _version;

    /// <summary>Asked before and after each operation; true makes it fail.</summary>
    public Func<bool>? FailsBefore { get; set; }

    public Func<bool>? FailsAfter { get; set; }

    public int Writes { get; private set; }

    /// <summary>Rows that queries have answered with.</summary>
    public int RowsRead { get; private set; }

    public override string Name => "audit";

    /// <summary>Every row, for the test to look at and to change behind the product's back.</summary>
    public IReadOnlyList<TableEntity> Rows
    {
        get
        {
            lock (_gate)
            {
                return [.. _rows.Values.Select(row => new TableEntity(row))];
            }
        }
    }

    public FaultyTable Copy()
    {
        var copy = new FaultyTable();
        foreach (var row in Rows)
        {
            copy.Put(row);
        }

        return copy;
    }

    public void Put(TableEntity row)
    {
        lock (_gate)
        {
            var kept = new TableEntity(row) { ETag = new ETag($"v{++_version}"), Timestamp = DateTimeOffset.UnixEpoch.AddYears(100) };

            // Bytes of its own: what a test changes in one row, its copies keep.
            foreach (var (name, value) in row.Where(pair => pair.Value is byte[]))
            {
                kept[name] = ((byte[])value).Clone();
            }

            _rows[(row.PartitionKey, row.RowKey)] = kept;
        }
    }

    public void Remove(TableEntity row)
    {
        lock (_gate)
        {
            _rows.Remove((row.PartitionKey, row.RowKey));
        }
    }

    public override Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        WriteAsync(() => Response.FromValue(new TableItem(Name), null!));

    public override Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) => WriteAsync(() =>
    {
        Check(TableTransactionActionType.Add, entity);
        Put(ToRow(entity));
        return (Response)null!;
    });

    public override Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        WriteAsync(() =>
        {
            Put(ToRow(entity));
            return (Response)null!;
        });

    public override Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        WriteAsync(() =>
        {
            Remove(new TableEntity(partitionKey, rowKey));
            return (Response)null!;
        });

    public override Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) => WriteAsync(() =>
        {
            var actions = transactionActions.ToList();
            actions.Count.ShouldBeInRange(1, 100);
            actions.Select(a => a.Entity.PartitionKey).Distinct().ShouldHaveSingleItem();
            actions.ForEach(a => Check(a.ActionType, a.Entity));
            foreach (var action in actions)
            {
                if (action.ActionType == TableTransactionActionType.Delete)
                {
                    Remove((TableEntity)action.Entity);
                }
                else
                {
                    Put(ToRow(action.Entity));
                }
            }

            return Response.FromValue<IReadOnlyList<Response>>([], null!);
        });

    public override Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
    {
        FailIf(FailsBefore);
        lock (_gate)
        {
            return Task.FromResult(_rows.TryGetValue((partitionKey, rowKey), out var row)
                ? (NullableResponse<T>)Response.FromValue((T)(ITableEntity)new TableEntity(row), null!)
                : new Nothing<T>());
        }
    }

    public override AsyncPageable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
    {
        FailIf(FailsBefore);
        var terms = Term().Matches(filter ?? "").Select(m => (Name: m.Groups[1].Value, Op: m.Groups[2].Value, Value: m.Groups[3].Value.Replace("''", "'"))).ToList();
        bool IsMatch(TableEntity row) => terms.TrueForAll(term => string.CompareOrdinal(row.GetString(term.Name), term.Value) is var order && term.Op switch
        {
            "eq" => order == 0,
            "ge" => order >= 0,
            "gt" => order > 0,
            "lt" => order < 0,
            _ => order <= 0,
        });
        return AsyncPageable<T>.FromPages(Pages());

        // Each page is what the table holds when it is asked for.
        IEnumerable<Page<T>> Pages()
        {
            var size = Math.Min(maxPerPage ?? 1000, 1000);
            TableEntity? last = null;
            do
            {
                var rows = Rows.Where(row => IsMatch(row) && (last is null || KeyOrder.Instance.Compare((last.PartitionKey, last.RowKey), (row.PartitionKey, row.RowKey)) < 0))
                    .Take(size).ToArray();
                RowsRead += rows.Length;
                last = rows.Length == size ? rows[^1] : null;
                yield return Page<T>.FromValues([.. rows.Cast<T>()], last?.RowKey, null!);
            }
            while (last is not null);
        }
    }

    private Task<T> WriteAsync<T>(Func<T> write)
    {
        FailIf(FailsBefore);
        T result;
        lock (_gate)
        {
            Writes++;
            result = write();
        }

        FailIf(FailsAfter);
        return Task.FromResult(result);
    }

    private void Check(TableTransactionActionType action, ITableEntity entity)
    {
        if (action == TableTransactionActionType.Add && _rows.ContainsKey((entity.PartitionKey, entity.RowKey)))
        {
            throw new RequestFailedException(409, "exists", "EntityAlreadyExists", null);
        }
    }

    private static void FailIf(Func<bool>? fails)
    {
        if (fails?.Invoke() == true)
        {
            throw new RequestFailedException(503, "busy", "ServerBusy", null);
        }
    }

    private static TableEntity ToRow(ITableEntity entity) => new((TableEntity)entity);

    [GeneratedRegex("(\\w+) (eq|ge|gt|lt|le) '((?:[^']|'')*)'")]
    private static partial Regex Term();

    private sealed class Nothing<T> : NullableResponse<T>
    {
        public override bool HasValue => false;

        public override T Value => throw new InvalidOperationException();

        public override Response GetRawResponse() => null!;
    }

    private sealed class KeyOrder : IComparer<(string Partition, string Row)>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare((string Partition, string Row) x, (string Partition, string Row) y) =>
            string.CompareOrdinal(x.Partition, y.Partition) is not 0 and var order ? order : string.CompareOrdinal(x.Row, y.Row);
    }
}
