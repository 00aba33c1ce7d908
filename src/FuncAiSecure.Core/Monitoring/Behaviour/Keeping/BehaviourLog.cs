using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Keeping;

/// <summary>Log events 7000 to 7999.</summary>
internal static partial class BehaviourLog
{
    [LoggerMessage(7001, LogLevel.Warning, "Signal {Signal} about {Principal}, model {Model} version {Version}: {Value} over {Limit}.")]
    public static partial void Noticed(ILogger logger, Signal signal, string? principal, string? model, int? version, double value, double limit);

    [LoggerMessage(7002, LogLevel.Warning, "The plan of {Principal} is {Plan} until {Until} after a signal.")]
    public static partial void PlanLowered(ILogger logger, string principal, string plan, DateTimeOffset until);

    [LoggerMessage(7003, LogLevel.Information, "The plan of {Principal} is its credential's again.")]
    public static partial void PlanRestored(ILogger logger, string principal);

    [LoggerMessage(7004, LogLevel.Warning, "The plan of {Principal} could not be changed after a signal.")]
    public static partial void PlanUnchanged(ILogger logger, string principal);

    [LoggerMessage(7005, LogLevel.Warning, "The table service answered {Status} to a call about behaviour.")]
    public static partial void StoreTrouble(ILogger logger, int status);

    [LoggerMessage(7006, LogLevel.Warning, "A signal was noticed and could not be kept for the list of anomalies.")]
    public static partial void NotKept(ILogger logger);

    [LoggerMessage(7007, LogLevel.Information, "{Count} saved profiles taken over.")]
    public static partial void Restored(ILogger logger, int count);

    [LoggerMessage(7008, LogLevel.Error, "A round of behaviour upkeep failed by a defect.")]
    public static partial void UpkeepFailed(ILogger logger, Exception error);
}
