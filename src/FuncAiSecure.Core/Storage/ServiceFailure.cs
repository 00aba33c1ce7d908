using Azure;
using Azure.Identity;

namespace FuncAiSecure.Core.Storage;

/// <summary>What the clients of storage and vault throw while the service, or this process's identity for it, cannot be had.</summary>
public static class ServiceFailure
{
    /// <summary>Whether an exception says that a service refused or did not answer. A time-out does, the asker's own leaving does not.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="asked">The token that the asker has passed.</param>
    public static bool Is(Exception exception, CancellationToken asked) =>
        IsTrouble(exception) || (exception is OperationCanceledException && !asked.IsCancellationRequested);

    /// <summary>The same, where a cancellation of any kind is somebody else's to judge. An answer that is cut short comes as it is where nothing is tried twice.</summary>
    public static bool IsTrouble(Exception exception) =>
        exception is RequestFailedException or AggregateException or AuthenticationFailedException or IOException;

    /// <summary>The HTTP status that a service answered; 0 where it did not.</summary>
    public static int StatusOf(Exception exception) => (exception as RequestFailedException)?.Status ?? 0;
}
