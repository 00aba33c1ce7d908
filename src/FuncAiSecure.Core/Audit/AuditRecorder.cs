using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Audit;

/// <summary>Records for tools that run beside the app: each record is in the table, in a closed chain of its own, before the call returns.</summary>
public sealed class AuditRecorder(TableClient table, IAuditSecrets secrets, TimeProvider time)
{
    /// <summary>Records; false where the record is not in the table for good, and then what it is about must not happen.</summary>
    public async Task<bool> RecordAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("funcai-audit-");
        try
        {
            var options = Options.Create(new AuditOptions { JournalDirectory = folder.FullName });
            using var trail = new AuditTrail(options, time);
            using var shipper = new AuditShipper(
                trail, new AuditStore(table), new AuditLedger(table, time), secrets, options, time, NullLogger<AuditShipper>.Instance);
            if (!await shipper.TryOpenAsync(cancellationToken).ConfigureAwait(false) || !trail.MustRecord(record))
            {
                return false;
            }

            trail.Close();
            return await shipper.TryShipAsync(cancellationToken).ConfigureAwait(false) && trail.Chains.Count == 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
