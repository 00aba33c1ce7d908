using System.Net;

namespace FuncAiSecure.LocalHost;

/// <summary>How a <see cref="LocalFunctionsHost"/> starts.</summary>
public sealed class LocalHostOptions
{
    /// <summary>Where to listen.</summary>
    /// <value>The default is the IPv4 loopback address, as Core Tools listen.</value>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port.</summary>
    /// <value>0 to 65535; the default 0 takes a free port.</value>
    public int Port { get; init; }

    /// <summary>The folder of <c>host.json</c>.</summary>
    /// <value>The default is the folder of the running program.</value>
    public string ScriptRoot { get; init; } = AppContext.BaseDirectory;

    /// <summary>Settings that win over environment variables, for several hosts in one process. Names use <c>:</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether the process's environment variables are settings.</summary>
    /// <value>The default is true; a test that must not depend on its surroundings says false.</value>
    public bool ReadsEnvironment { get; init; } = true;

    /// <summary>Whether Ctrl-C and SIGTERM stop the host.</summary>
    /// <value>The default is false: in process, the owner stops it.</value>
    public bool StopsOnSignals { get; init; }

    /// <summary>How long running requests may take after a stop began, before their connections are cut.</summary>
    /// <value>The default is 10 s, which is what the Functions host gives a worker.</value>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
