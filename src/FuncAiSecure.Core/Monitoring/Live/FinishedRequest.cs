using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Monitoring.Live;

/// <summary>What is noted of a finished request: names from tables of ours, numbers, and nothing that its caller sent.</summary>
/// <param name="RequestId">The id under which the audit trail knows it.</param>
/// <param name="Action">The function that it asked for.</param>
/// <param name="Model">The catalog's name of the model; null where it is about none.</param>
/// <param name="Version">That model's version.</param>
/// <param name="Principal">Who asked; null where no credential held.</param>
/// <param name="Refused">Why it was refused; null if it was served or abandoned.</param>
/// <param name="IsAbandoned">Whether its caller went away.</param>
/// <param name="Status">The answer's status; 0 where nobody waited for one.</param>
/// <param name="Duration">From arrival to answer.</param>
public readonly record struct FinishedRequest(
    string RequestId,
    string Action,
    string? Model,
    int Version,
    PrincipalId? Principal,
    RefusalCode? Refused,
    bool IsAbandoned,
    int Status,
    TimeSpan Duration);
