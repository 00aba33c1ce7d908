using System.Globalization;
using Azure.Data.Tables;

namespace FuncAiSecure.Core.Audit.Capture;

/// <summary>Captured payloads in their own table: a partition a day, a row a payload, which is cut to fit the service's properties.</summary>
public sealed class PayloadStore
{
    private const int PieceBytes = 60 << 10;

    private readonly TableClient _table;
    private readonly IAuditSecrets _secrets;

    /// <summary>Payloads in a table, under keys of their own.</summary>
    public PayloadStore(TableClient table, IAuditSecrets secrets)
    {
        _table = table;
        _secrets = secrets;
    }

    /// <summary>Reads the payloads of a request of a day; for callers that hold <c>read.payloads</c>. What was changed is left out.</summary>
    public async Task<IReadOnlyList<byte[]>> ReadAsync(DateOnly day, string requestId, CancellationToken cancellationToken)
    {
        var payloads = new List<byte[]>();
        var prefix = requestId + ".";
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(day)} and RowKey ge {prefix} and RowKey lt {requestId + "/"}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            var wrapping = await _secrets.GetAsync(row.GetString("KeyVersion"), cancellationToken).ConfigureAwait(false);
            if (row.GetBinary("Key") is { } key && PayloadCipher.Decrypt(wrapping, Place(row.PartitionKey, row.RowKey), key, Join(row)) is { } payload)
            {
                payloads.Add(payload);
            }
        }

        return payloads;
    }

    internal async Task EnsureTableAsync(CancellationToken cancellationToken) =>
        await _table.CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);

    internal async Task WriteAsync(DateOnly day, string requestId, string model, byte[] payload, CancellationToken cancellationToken)
    {
        var wrapping = await _secrets.GetAsync(null, cancellationToken).ConfigureAwait(false);
        var row = new TableEntity(Partition(day), $"{requestId}.{Guid.CreateVersion7():N}") { ["Model"] = model, ["KeyVersion"] = wrapping.Version };
        var (key, bytes) = PayloadCipher.Encrypt(wrapping, Place(row.PartitionKey, row.RowKey), payload);
        row["Key"] = key;
        for (var (at, piece) = (0, 0); at < bytes.Length; at += PieceBytes, piece++)
        {
            row["P" + piece.ToString("D2", CultureInfo.InvariantCulture)] = bytes[at..Math.Min(bytes.Length, at + PieceBytes)];
        }

        await _table.AddEntityAsync(row, cancellationToken).ConfigureAwait(false);
    }

    internal async Task<int> SweepAsync(DateOnly before, CancellationToken cancellationToken)
    {
        var count = 0;
        var filter = TableClient.CreateQueryFilter($"PartitionKey lt {Partition(before)}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken).ConfigureAwait(false);
            count++;
        }

        return count;
    }

    private static string Partition(DateOnly day) => "p-" + day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Place(string partition, string row) => $"{partition}/{row}";

    private static byte[] Join(TableEntity row)
    {
        var pieces = new List<byte>();
        for (var piece = 0; row.GetBinary("P" + piece.ToString("D2", CultureInfo.InvariantCulture)) is { } bytes; piece++)
        {
            pieces.AddRange(bytes);
        }

        return [.. pieces];
    }
}
