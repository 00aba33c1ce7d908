using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Audit;

/// <summary>Where the audit trail is kept, for how long, and what happens when it cannot be kept.</summary>
public sealed class AuditOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Audit";

    /// <value>The table of records. Default <c>audit</c>.</value>
    [RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    public string TableName { get; set; } = "audit";

    /// <value>The table of captured payloads, apart from the records so that it can have its own role. Default <c>auditpayloads</c>.</value>
    [RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    public string PayloadTableName { get; set; } = "auditpayloads";

    /// <value>The Key Vault secret that the trail's keys are derived from. Default <c>audit-key</c>.</value>
    [RegularExpression("^[0-9a-zA-Z-]{1,127}$")]
    public string SecretName { get; set; } = "audit-key";

    /// <value>The Key Vault secret that wraps the data keys of captured payloads. Default <c>audit-payload-key</c>.</value>
    [RegularExpression("^[0-9a-zA-Z-]{1,127}$")]
    public string PayloadSecretName { get; set; } = "audit-payload-key";

    /// <value>The folder of the local journal; default: a folder in the machine's temporary folder.</value>
    [Required]
    public string JournalDirectory { get; set; } = Path.Combine(Path.GetTempPath(), "funcaisecure-audit");

    /// <value>How much the journal may hold, 1 MiB to 64 GiB. Default 256 MiB, about 400,000 records.</value>
    [Range(1L << 20, 1L << 36)]
    public long MaxJournalBytes { get; set; } = 256L << 20;

    /// <value>How many records wait in memory while the journal refuses and storage is well, 100 to 1,000,000. Default 8192.</value>
    [Range(100, 1_000_000)]
    public int QueueCapacity { get; set; } = 8192;

    /// <value>How long a record waits for others before they are sent, 10 ms to 1 min. Default 500 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan BatchDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <value>What happens to requests while neither journal nor storage takes records. Default: they are refused.</value>
    [EnumDataType(typeof(UnrecordableAction))]
    public UnrecordableAction WhenUnrecordable { get; set; } = UnrecordableAction.Refuse;

    /// <value>For how many days records are kept, 1 to 3660. Default 400.</value>
    [Range(1, 3660)]
    public int RetentionDays { get; set; } = 400;

    /// <value>For how many days captured payloads are kept, 1 to 3660. Default 30.</value>
    [Range(1, 3660)]
    public int PayloadRetentionDays { get; set; } = 30;

    /// <value>Models whose payloads are captured; empty (the default) captures nothing.</value>
    public IList<string> CaptureModels { get; } = [];

    /// <value>The largest payload that is captured whole, 1 KiB to 512 KiB; of a larger one the beginning. Default 64 KiB.</value>
    [Range(1 << 10, 1 << 19)]
    public int MaxCaptureBytes { get; set; } = 64 << 10;
}

/// <summary>What happens to a request that cannot be recorded.</summary>
public enum UnrecordableAction
{
    /// <summary>It is refused: nothing happens unrecorded.</summary>
    Refuse,

    /// <summary>It is served; the next record that can be kept says how many are missing.</summary>
    Serve,
}

/// <summary>Checks the annotated ranges of <see cref="AuditOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class AuditOptionsValidator : IValidateOptions<AuditOptions>;
