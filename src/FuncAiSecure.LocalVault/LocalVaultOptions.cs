namespace FuncAiSecure.LocalVault;

/// <summary>Where the local vault listens and keeps its data.</summary>
public sealed class LocalVaultOptions
{
    /// <value>TCP port on the loopback interface; 0 (the default) takes a free one.</value>
    public int Port { get; init; }

    /// <value>The folder for certificate, token and secrets; created with mode 700. Default <c>.local/vault</c>.</value>
    public string DataDirectory { get; init; } = Path.Combine(".local", "vault");

    /// <value>A file written when the server listens: JSON with <c>uri</c>, <c>certificateFile</c>, <c>tokenFile</c>; null for none.</value>
    public string? ReadyFile { get; init; }

    /// <value>The most items of a list answer; the service's own limit of 25 by default.</value>
    public int PageSize { get; init; } = 25;
}
