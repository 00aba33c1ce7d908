using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.TestSupport;

/// <summary>One Azurite for all tests of a class.</summary>
public sealed class Azurite : IAsyncLifetime
{
    /// <summary>The running emulator.</summary>
    public AzuriteFixture Service { get; private set; } = null!;

    /// <inheritdoc />
    public async Task InitializeAsync() => Service = await AzuriteFixture.StartAsync();

    /// <inheritdoc />
    public async Task DisposeAsync() => await Service.DisposeAsync();
}
