namespace FuncAiSecure.Core.Monitoring.Behaviour;

/// <summary>A signal with what it is about. Holds nothing that a caller sent.</summary>
/// <param name="At">When it was noticed.</param>
/// <param name="Signal">What was noticed.</param>
/// <param name="Principal">Whose behaviour; null where the signal is about a model.</param>
/// <param name="Model">The model of the request that completed the evidence.</param>
/// <param name="Version">That model's version.</param>
/// <param name="Value">The evidence, in the signal's own measure: requests in the minute, points, log-likelihood ratio, stability index, share of a budget.</param>
/// <param name="Limit">The value above which the signal is raised.</param>
public sealed record Anomaly(DateTimeOffset At, Signal Signal, string? Principal, string? Model, int? Version, double Value, double Limit);
