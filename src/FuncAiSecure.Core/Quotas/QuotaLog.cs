using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Quotas;

/// <summary>Log events 2000 to 2999. Never a principal's name together with what it sent.</summary>
internal static partial class QuotaLog
{
    [LoggerMessage(2000, LogLevel.Warning, "The counter of policy {Policy} could not be asked; requests without a warm lease are refused.")]
    public static partial void CounterUnavailable(ILogger logger, string policy);

    [LoggerMessage(2001, LogLevel.Error, "A lease's flight failed by a defect.")]
    public static partial void FlightFailed(ILogger logger, Exception error);

    [LoggerMessage(2002, LogLevel.Error, "Principal {Principal} has a plan that is not configured; its requests are refused.")]
    public static partial void PlanUnknown(ILogger logger, string principal);

    [LoggerMessage(2003, LogLevel.Warning, "The table service answered {Status} to a quota call.")]
    public static partial void StoreTrouble(ILogger logger, int status);

    [LoggerMessage(2004, LogLevel.Error, "A counter's row could not be read; its policy refuses.")]
    public static partial void RowUnreadable(ILogger logger);

    [LoggerMessage(2005, LogLevel.Information, "Plan of {Principal} set to {Plan} by an operator.")]
    public static partial void PlanChanged(ILogger logger, string principal, string plan);

    [LoggerMessage(2006, LogLevel.Information, "Policy {Policy} of {Principal} started anew by an operator.")]
    public static partial void WindowReset(ILogger logger, string principal, string policy);

    [LoggerMessage(2007, LogLevel.Information, "{Count} ended windows deleted.")]
    public static partial void Swept(ILogger logger, int count);

    [LoggerMessage(2008, LogLevel.Warning, "Not every lease could be returned before shutdown; their units stay counted.")]
    public static partial void ReturnIncomplete(ILogger logger);

    [LoggerMessage(2009, LogLevel.Error, "A round of quota upkeep failed by a defect.")]
    public static partial void UpkeepFailed(ILogger logger, Exception error);
}
