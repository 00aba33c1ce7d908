namespace FuncAiSecure.Core.Identity;

/// <summary>What a principal may do. Wire names are dotted (<c>manage.keys</c>), see <see cref="RoleNames"/>.</summary>
[Flags]
public enum Roles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>infer</c>: call models and read their metadata.</summary>
    Infer = 1,

    /// <summary><c>manage.keys</c>: create, list, rotate and revoke API keys.</summary>
    ManageKeys = 2,

    /// <summary><c>manage.models</c>: promote and roll back model versions.</summary>
    ManageModels = 4,

    /// <summary><c>manage.quotas</c>: change plans and reset windows.</summary>
    ManageQuotas = 8,

    /// <summary><c>read.usage</c>: read every principal's usage, anomalies and the console.</summary>
    ReadUsage = 16,

    /// <summary><c>read.audit</c>: read the audit trail.</summary>
    ReadAudit = 32,

    /// <summary><c>read.payloads</c>: decrypt captured payloads.</summary>
    ReadPayloads = 64,

    /// <summary><c>debug.timing</c>: receive <c>Server-Timing</c>.</summary>
    DebugTiming = 128,
}
