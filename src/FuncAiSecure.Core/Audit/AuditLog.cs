using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Audit;

/// <summary>The trail's log events.</summary>
internal static partial class AuditLog
{
    [LoggerMessage(6010, LogLevel.Warning, "Audit storage does not take records ({Cause}); {Backlog} wait")]
    public static partial void StorageFailed(ILogger logger, string cause, long backlog);

    [LoggerMessage(6011, LogLevel.Information, "Audit storage takes records again")]
    public static partial void StorageRecovered(ILogger logger);

    [LoggerMessage(6012, LogLevel.Warning, "The audit secret cannot be read ({Cause}); requests are not recorded yet")]
    public static partial void SecretUnavailable(ILogger logger, string cause);

    [LoggerMessage(6013, LogLevel.Information, "Taking over {Records} audit records in {Chains} chains from an ended process")]
    public static partial void TakingOver(ILogger logger, long records, int chains);

    [LoggerMessage(6014, LogLevel.Error, "Audit journal segment {Segment} is not authentic; what verifies of it is kept, the file is set aside")]
    public static partial void SegmentRejected(ILogger logger, string segment);

    [LoggerMessage(6015, LogLevel.Error, "Audit chain {Chain} lacks records after {Sequence} in queue and journal")]
    public static partial void RecordsMissing(ILogger logger, string chain, long sequence);

    // An anchor outside of the table: who can rewrite the table cannot rewrite this line.
    [LoggerMessage(6016, LogLevel.Information, "Audit chain {Chain} closed with {Records} records, head {Head}")]
    public static partial void ChainClosed(ILogger logger, string chain, long records, string head);

    [LoggerMessage(6017, LogLevel.Error, "The audit journal cannot be made; accepted records are in memory only until they are stored")]
    public static partial void NoJournal(ILogger logger);

    [LoggerMessage(6018, LogLevel.Information, "Audit retention deleted {Chains} chains and {Payloads} payloads")]
    public static partial void Swept(ILogger logger, int chains, int payloads);

    [LoggerMessage(6019, LogLevel.Warning, "Audit retention failed ({Cause})")]
    public static partial void SweepFailed(ILogger logger, string cause);

    [LoggerMessage(6020, LogLevel.Warning, "A captured payload was not stored ({Cause})")]
    public static partial void CaptureFailed(ILogger logger, string cause);

    [LoggerMessage(6021, LogLevel.Warning, "The audit journal in {Folder} cannot be taken over now ({Cause})")]
    public static partial void TakeOverFailed(ILogger logger, string folder, string cause);

    [LoggerMessage(6022, LogLevel.Warning, "The audit secret cannot be read again ({Cause}); its known version goes on")]
    public static partial void SecretNotRenewed(ILogger logger, string cause);

    [LoggerMessage(6023, LogLevel.Warning, "CaptureModels names the model {Model}, of which nothing is captured: {Reason}")]
    public static partial void NothingCaptured(ILogger logger, string model, string reason);
}
