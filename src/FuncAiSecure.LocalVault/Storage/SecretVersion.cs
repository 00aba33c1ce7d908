namespace FuncAiSecure.LocalVault.Storage;

/// <summary>One version of a secret, as stored. Times are whole seconds of Unix time, as the service counts them.</summary>
internal sealed record SecretVersion
{
    public required string Version { get; init; }

    public required string Value { get; init; }

    public string? ContentType { get; init; }

    public Dictionary<string, string>? Tags { get; init; }

    public bool Enabled { get; init; } = true;

    public long? NotBefore { get; init; }

    public long? Expires { get; init; }

    public required long Created { get; init; }

    public required long Updated { get; init; }

    /// <summary>Neither a debugger nor a log shows the value.</summary>
    public override string ToString() => $"version {Version}";
}

/// <summary>A named secret: its versions, oldest first, and when it was deleted. A change is a new one.</summary>
internal sealed record StoredSecret
{
    public required string Name { get; init; }

    public IReadOnlyList<SecretVersion> Versions { get; init; } = [];

    public long? DeletedAt { get; init; }
}
