namespace FuncAiSecure.Core.Identity.Access;

/// <summary>What a request does, as far as access is concerned. Each takes exactly one role.</summary>
public enum AccessAction
{
    /// <summary>Run a model. Takes <c>infer</c>.</summary>
    Infer,

    /// <summary>Read a model's metadata or readiness, or list models. Takes <c>infer</c>.</summary>
    ReadModel,

    /// <summary>Read one's own limits and usage. Takes <c>infer</c>.</summary>
    ReadOwnUsage,

    /// <summary>Manage API keys. Takes <c>manage.keys</c>.</summary>
    ManageKeys,

    /// <summary>Promote or roll back a model. Takes <c>manage.models</c>.</summary>
    ManageModels,

    /// <summary>Change plans or windows. Takes <c>manage.quotas</c>.</summary>
    ManageQuotas,

    /// <summary>Read everybody's usage, anomalies or the console. Takes <c>read.usage</c>.</summary>
    ReadUsage,

    /// <summary>Read the audit trail. Takes <c>read.audit</c>.</summary>
    ReadAudit,

    /// <summary>Decrypt captured payloads. Takes <c>read.payloads</c>.</summary>
    ReadPayloads,

    /// <summary>Receive timing details. Takes <c>debug.timing</c>.</summary>
    DebugTiming,
}
