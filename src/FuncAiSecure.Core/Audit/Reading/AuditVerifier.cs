using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Storage;

namespace FuncAiSecure.Core.Audit.Reading;

/// <summary>Checks ledger, chains and heads against the audit secret.</summary>
internal sealed class AuditVerifier(TableClient table, AuditLedger ledger, KeyRing keys)
{
    public async Task<AuditVerification> VerifyAsync(DateOnly? from, DateOnly? to, string? checkpoint, CancellationToken cancellationToken)
    {
        var faults = ImmutableArray.CreateBuilder<AuditFault>();
        var entries = await ReadLedgerAsync(faults, cancellationToken).ConfigureAwait(false);
        if (checkpoint is not null && !Holds(entries, checkpoint))
        {
            faults.Add(new(LedgerEntry.Partition, 0, AuditFaultKind.RolledBack));
        }

        var open = ImmutableArray.CreateBuilder<string>();
        var (records, chains) = (0L, 0);
        var states = entries.GroupBy(entry => entry.Chain, StringComparer.Ordinal).ToList();
        foreach (var state in states)
        {
            if (!ChainId.TryParseDay(state.Key, out var day) || day < from || day > to)
            {
                continue;
            }

            chains++;
            var closed = state.FirstOrDefault(entry => entry.Event == LedgerEvent.Closed);
            if (state.Any(entry => entry.Event == LedgerEvent.Expired))
            {
                continue;
            }

            if (closed is null)
            {
                open.Add(state.Key);
            }

            var (count, fault) = await CheckChainAsync(state.First(), closed, cancellationToken).ConfigureAwait(false);
            records += count;
            if (fault is not null)
            {
                faults.Add(fault);
            }
        }

        HashSet<string> known = [.. states.Select(state => state.Key)];
        await FindForeignAsync(known, from, to, faults, cancellationToken).ConfigureAwait(false);
        return new AuditVerification
        {
            Records = records,
            Chains = chains,
            OpenChains = open.ToImmutable(),
            Faults = await WithoutNewsAsync(faults.ToImmutable(), known, cancellationToken).ConfigureAwait(false),
            Checkpoint = entries.Count == 0 ? "0:" : $"{entries[^1].Number}:{Convert.ToHexStringLower(entries[^1].Mac)}",
        };
    }

    // The ledger was read minutes ago: chains that it has seen begin or expire since are no fault.
    private async Task<ImmutableArray<AuditFault>> WithoutNewsAsync(
        ImmutableArray<AuditFault> faults, HashSet<string> known, CancellationToken cancellationToken)
    {
        if (faults.All(fault => fault.Chain == LedgerEntry.Partition))
        {
            return faults;
        }

        var ledgerFaults = ImmutableArray.CreateBuilder<AuditFault>();
        var now = await ReadLedgerAsync(ledgerFaults, cancellationToken).ConfigureAwait(false);
        HashSet<string> begun = [.. now.Select(entry => entry.Chain).Where(chain => !known.Contains(chain))];
        HashSet<string> expired = [.. now.Where(entry => entry.Event == LedgerEvent.Expired).Select(entry => entry.Chain)];
        return faults.RemoveAll(fault => begun.Contains(fault.Chain) || expired.Contains(fault.Chain));
    }

    // Oldest first; ends at the first entry that is not authentic.
    private async Task<List<LedgerEntry>> ReadLedgerAsync(ImmutableArray<AuditFault>.Builder faults, CancellationToken cancellationToken)
    {
        var rows = new List<LedgerEntry?>();
        await foreach (var (_, entry) in ledger.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(entry);
        }

        rows.Reverse();
        var entries = new List<LedgerEntry>(rows.Count);
        foreach (var entry in rows)
        {
            var previous = entries.LastOrDefault();
            if (entry is null || await keys.FindAsync(entry.KeyVersion, cancellationToken).ConfigureAwait(false) is not { } entryKeys || !entry.Follows(entryKeys, previous))
            {
                var expected = (previous?.Number ?? 0) + 1;
                faults.Add(new(LedgerEntry.Partition, expected, entry?.Number > expected ? AuditFaultKind.Missing : AuditFaultKind.Changed));
                break;
            }

            entries.Add(entry);
        }

        return entries;
    }

    private async Task<(long Count, AuditFault? Fault)> CheckChainAsync(LedgerEntry opened, LedgerEntry? closed, CancellationToken cancellationToken)
    {
        var chain = opened.Chain;
        if (await keys.FindAsync(opened.KeyVersion, cancellationToken).ConfigureAwait(false) is not { } chainKeys)
        {
            return (0, new(chain, 1, AuditFaultKind.Changed));
        }

        var key = chainKeys.ChainOf(chain);
        var hash = new KeyedHash(key);
        var (count, mac, expected, head) = (0L, AuditKeys.Genesis(key), new byte[AuditKeys.MacLength], default(TableEntity));
        AuditFault Fault(AuditFaultKind kind, long? at = null) => new(chain, at ?? count + 1, kind);

        var rows = table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {chain}"), cancellationToken: cancellationToken);
        await foreach (var row in rows.ConfigureAwait(false))
        {
            if (row.RowKey == AuditRows.HeadRow)
            {
                head = row;
                continue;
            }

            if (AuditRowReader.ReadRecords(row) is not { } run)
            {
                return (count, Fault(row.RowKey == AuditRows.RowKey(count + 1) ? AuditFaultKind.Changed : AuditFaultKind.Foreign));
            }

            if (run.First != count + 1)
            {
                return (count, Fault(run.First > count ? AuditFaultKind.Missing : AuditFaultKind.Foreign));
            }

            for (var i = 0; i < run.Records.Length; i++)
            {
                AuditKeys.LinkMac(hash, mac, count + 1, run.Records[i].Span, expected);
                if (!CryptographicOperations.FixedTimeEquals(expected, run.Macs.AsSpan(i * AuditKeys.MacLength, AuditKeys.MacLength)))
                {
                    return (count, Fault(AuditFaultKind.Changed));
                }

                (count, mac, expected) = (count + 1, expected, mac);
            }
        }

        return (count, CheckEnd(head, closed, chainKeys, count, mac) is { } kind ? Fault(kind) : null);
    }

    private static AuditFaultKind? CheckEnd(TableEntity? head, LedgerEntry? closed, AuditKeys keys, long count, byte[] mac)
    {
        if (closed is not null && closed.Count != count)
        {
            return closed.Count > count ? AuditFaultKind.Missing : AuditFaultKind.Foreign;
        }

        if (head is null)
        {
            // An open chain is registered before its first record: no head is no fault as long as there is no record either.
            return count == 0 && closed is null or { Count: 0 } ? null : AuditFaultKind.HeadChanged;
        }

        if (AuditRowReader.ReadHead(head, keys) is not { } known)
        {
            return AuditFaultKind.HeadChanged;
        }

        return known.Count > count ? AuditFaultKind.Missing
            : known.Count == count && known.Mac.AsSpan().SequenceEqual(mac) && (closed is null || closed.Head.AsSpan().SequenceEqual(mac)) ? null
            : AuditFaultKind.HeadChanged;
    }

    private async Task FindForeignAsync(
        HashSet<string> known, DateOnly? from, DateOnly? to, ImmutableArray<AuditFault>.Builder faults, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey ge {ChainId.Prefix} and PartitionKey lt {ChainId.End} and RowKey ge {"head"} and RowKey lt {"heae"}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (!known.Contains(row.PartitionKey) && !(ChainId.TryParseDay(row.PartitionKey, out var day) && (day < from || day > to)))
            {
                faults.Add(new(row.PartitionKey, 1, AuditFaultKind.Foreign));
            }
        }
    }

    private static bool Holds(List<LedgerEntry> entries, string checkpoint)
    {
        var colon = checkpoint.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && long.TryParse(checkpoint.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= entries.Count && checkpoint[(colon + 1)..] == (number == 0 ? "" : Convert.ToHexStringLower(entries[(int)number - 1].Mac));
    }
}
