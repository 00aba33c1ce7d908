using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Azure;
using Azure.Data.Tables;

namespace FuncAiSecure.Core.Audit.Capture;

/// <summary>Captured payloads in their own table: a partition a day, a row a payload, which is cut to fit the service's properties.</summary>
public sealed class PayloadStore
{
    private const string Prefix = "p-";
    private const string TableMissing = "TableNotFound";
    private const int PieceBytes = 60 << 10;
    private const int OwnPart = 32;

    // Callers choose ids, and may choose one for everything that they send. What is read stands in memory, twice as JSON.
    private const int MaxReadBytes = 16 << 20;
    private const int BytesEach = 1 << 10;
    private const int RowsPerQuery = 20;

    private static readonly TimeSpan SecretLifetime = TimeSpan.FromMinutes(5);

    private readonly TableClient _table;
    private readonly IAuditSecrets _secrets;
    private readonly TimeProvider _time;
    private (AuditSecret Secret, long ReadAt)? _current;

    /// <summary>Payloads in a table, under keys of their own.</summary>
    public PayloadStore(TableClient table, IAuditSecrets secrets, TimeProvider time) => (_table, _secrets, _time) = (table, secrets, time);

    /// <summary>
    /// Reads the payloads of a request; for callers that hold <c>read.payloads</c>, and who see to it that the reading is recorded.
    /// </summary>
    /// <param name="requestId">The request's id, under which there may be several: callers may choose it.</param>
    /// <param name="day">The day of the request; null searches all days that are kept, which takes longer.</param>
    /// <param name="maySee">Whether the reader may see payloads of a model; others are left out, and not decrypted.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The payloads, oldest first, up to 16 MiB of them; and whether there are more.</returns>
    /// <exception cref="RequestFailedException">Table or vault refuse.</exception>
    public async Task<(IReadOnlyList<CapturedPayload> Payloads, bool HasMore)> ReadAsync(
        string requestId, DateOnly? day, Func<string, bool> maySee, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        ArgumentNullException.ThrowIfNull(maySee);
        var (from, to) = day is { } one ? (Partition(one), Partition(one)) : (Prefix, Prefix + "~");
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey ge {from} and PartitionKey le {to} and RowKey ge {requestId + "."} and RowKey lt {requestId + "/"}");
        var (payloads, bytes) = (new List<CapturedPayload>(), 0L);
        try
        {
            await foreach (var row in _table.QueryAsync<TableEntity>(filter, RowsPerQuery, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                // An id may hold a dot: what follows the first one must be what this store has put there.
                if (row.RowKey.Length == requestId.Length + 1 + OwnPart && TryParseDay(row.PartitionKey, out var captured)
                    && row.GetString("Model") is { } model && maySee(model))
                {
                    if (bytes >= MaxReadBytes)
                    {
                        return (payloads, true);
                    }

                    payloads.Add(new CapturedPayload(captured, model, await OpenAsync(row, cancellationToken).ConfigureAwait(false)));
                    bytes += BytesEach + (payloads[^1].Content?.Length ?? 0);
                }
            }
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableMissing)
        {
            return ([], false);
        }

        return (payloads, false);
    }

    internal async Task EnsureTableAsync(CancellationToken cancellationToken) =>
        await _table.CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);

    internal async Task WriteAsync(DateOnly day, string requestId, string model, byte[] payload, CancellationToken cancellationToken)
    {
        var wrapping = await CurrentSecretAsync(cancellationToken).ConfigureAwait(false);
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
        try
        {
            await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken).ConfigureAwait(false);
                count++;
            }
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableMissing)
        {
            // Nothing was ever captured.
            return count;
        }

        return count;
    }

    // The vault serves so many calls a second, and callers' keys need them more than a question for each payload.
    private async ValueTask<AuditSecret> CurrentSecretAsync(CancellationToken cancellationToken)
    {
        if (_current is not { } known || _time.GetElapsedTime(known.ReadAt) >= SecretLifetime)
        {
            _current = known = (await _secrets.GetAsync(null, cancellationToken).ConfigureAwait(false), _time.GetTimestamp());
        }

        return known.Secret;
    }

    // Null where anything of it was changed, or where it was captured under a secret that this vault does not have.
    private async Task<byte[]?> OpenAsync(TableEntity row, CancellationToken cancellationToken)
    {
        if (row.GetString("KeyVersion") is not { } version || row.GetBinary("Key") is not { } key)
        {
            return null;
        }

        try
        {
            var wrapping = await _secrets.GetAsync(version, cancellationToken).ConfigureAwait(false);
            return PayloadCipher.Decrypt(wrapping, Place(row.PartitionKey, row.RowKey), key, Join(row));
        }
        catch (RequestFailedException e) when (e.Status is 400 or 404)
        {
            return null;
        }
    }

    private static bool TryParseDay(string partition, out DateOnly day) =>
        DateOnly.TryParseExact(partition.AsSpan(Math.Min(Prefix.Length, partition.Length)), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static string Partition(DateOnly day) => Prefix + day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

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

/// <summary>A captured payload. Not a record: it must never print what it holds.</summary>
/// <param name="day">The day of the request.</param>
/// <param name="model">The model that it was sent to.</param>
/// <param name="content">What was sent, or its beginning; null where it cannot be decrypted.</param>
public sealed class CapturedPayload(DateOnly day, string model, byte[]? content)
{
    /// <summary>The day of the request.</summary>
    public DateOnly Day { get; } = day;

    /// <summary>The model that it was sent to.</summary>
    public string Model { get; } = model;

    /// <summary>What was sent, or its beginning; null where it was changed, or captured under a secret that is not this vault's.</summary>
    public ReadOnlyMemory<byte>? Content { get; } = content is null ? default(ReadOnlyMemory<byte>?) : content;

    /// <summary>Writes it as a JSON object: text where it is UTF-8, else base64.</summary>
    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("day"u8, Day.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("model"u8, Model);
        json.WriteBoolean("readable"u8, Content is not null);
        if (Content is { } bytes)
        {
            json.WriteNumber("bytes"u8, bytes.Length);
            if (Utf8.IsValid(bytes.Span))
            {
                json.WriteString("text"u8, bytes.Span);
            }
            else
            {
                json.WriteBase64String("base64"u8, bytes.Span);
            }
        }

        json.WriteEndObject();
    }
}
