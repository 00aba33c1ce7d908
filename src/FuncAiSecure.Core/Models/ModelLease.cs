using FuncAiSecure.Core.Models.Serving;

namespace FuncAiSecure.Core.Models;

/// <summary>
/// Holds one version for one request: the same from its first check to its last, whatever is promoted meanwhile, and never
/// unloaded before it is given back.
/// </summary>
public sealed class ModelLease : IDisposable
{
    private readonly ModelSlot _slot;
    private ModelSession? _session;

    internal ModelLease(ModelSlot slot, ModelManifest manifest, ModelSession? session)
    {
        _slot = slot;
        _session = session;
        Manifest = manifest;
    }

    /// <summary>The version's manifest.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>The version.</summary>
    public int Version => Manifest.Version;

    /// <summary>Whether the session is held already; else it is yet to be loaded.</summary>
    internal bool IsHeld => _session is not null;

    /// <summary>
    /// The running model: at once where it is loaded, else after loading it (once, however many wait). A refusal where it cannot be
    /// loaded. Not to be called twice at the same time for one lease.
    /// </summary>
    public ValueTask<ModelAcquisition> GetModelAsync(CancellationToken cancellation) => _session is { } session
        ? new ValueTask<ModelAcquisition>(new ModelAcquisition(session.Model, null))
        : LoadAsync(cancellation);

    /// <summary>Gives the version back.</summary>
    public void Dispose() => Interlocked.Exchange(ref _session, null)?.Release();

    private async ValueTask<ModelAcquisition> LoadAsync(CancellationToken cancellation)
    {
        var (session, refusal) = await _slot.AcquireAsync(cancellation).ConfigureAwait(false);
        _session = session;
        return new ModelAcquisition(session?.Model, refusal);
    }
}

/// <summary>A running model or the reason why there is none.</summary>
/// <param name="Model">The model; null where it is refused.</param>
/// <param name="Refusal">The refusal; null where there is a model.</param>
public readonly record struct ModelAcquisition(ILoadedModel? Model, Refusal? Refusal);
