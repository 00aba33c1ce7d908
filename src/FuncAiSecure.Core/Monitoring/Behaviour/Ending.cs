namespace FuncAiSecure.Core.Monitoring.Behaviour;

/// <summary>How a request ended, as far as behaviour is concerned.</summary>
public enum Ending
{
    /// <summary>Answered.</summary>
    Served,

    /// <summary>The input was refused: by its form, the model's contract or a guard.</summary>
    InputRefused,

    /// <summary>The principal asked for what it may not have or see.</summary>
    AccessRefused,

    /// <summary>A plan's limit refused it.</summary>
    LimitRefused,

    /// <summary>The server failed or was too busy: not the caller's doing.</summary>
    Failed,
}

/// <summary>Tells endings by refusals.</summary>
public static class Endings
{
    /// <summary>The ending of a request; null stands for an answer.</summary>
    public static Ending Of(RefusalCode? refusal) => refusal switch
    {
        null => Ending.Served,
        RefusalCode.MalformedRequest or RefusalCode.UnsupportedParameter or RefusalCode.BodyTooLarge or RefusalCode.MediaType
            or RefusalCode.Accept or RefusalCode.Conflict or RefusalCode.InputInvalid or RefusalCode.InputBlocked
            or RefusalCode.OutputBlocked => Ending.InputRefused,
        RefusalCode.SeveralCredentials or RefusalCode.CredentialMissing or RefusalCode.CredentialInvalid or RefusalCode.RoleMissing
            or RefusalCode.NetworkNotAllowed or RefusalCode.NotFound or RefusalCode.Method => Ending.AccessRefused,
        RefusalCode.RateLimited or RefusalCode.QuotaExceeded or RefusalCode.ConcurrencyExceeded
            or RefusalCode.InformationBudgetSpent => Ending.LimitRefused,
        _ => Ending.Failed,
    };
}
