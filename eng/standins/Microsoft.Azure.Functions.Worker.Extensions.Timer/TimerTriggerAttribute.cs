using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs a function by a schedule.</summary>
public sealed class TimerTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>A six-field NCRONTAB expression, or <c>%Setting%</c>.</summary>
    public TimerTriggerAttribute(string schedule) => Schedule = schedule;

    /// <summary>The schedule.</summary>
    public string Schedule { get; private set; }

    /// <summary>Whether the host keeps the last run, so as to notice a missed one.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Whether every start of the host runs it.</summary>
    public bool RunOnStartup { get; set; }
}
