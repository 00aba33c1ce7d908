using System.Collections.Immutable;
using FuncAiSecure.Core.Models.Integrity;

namespace FuncAiSecure.Core.Models.Serving;

/// <summary>
/// One version and its state. Loading happens once however many ask; a version that was refused is tried again only after its
/// folder has changed, and a version whose content changed after it was first verified is refused.
/// </summary>
/// <param name="name">The model's name.</param>
/// <param name="version">The version.</param>
/// <param name="directory">The version's folder.</param>
/// <param name="loader">Verifies and loads it.</param>
/// <param name="time">The clock.</param>
/// <param name="timeout">How long loading may take.</param>
/// <param name="made">Called when a request has had a session made, and holds it: others may have to leave.</param>
internal sealed class ModelSlot(string name, int version, string directory, ModelLoader loader, TimeProvider time, TimeSpan timeout, Action made)
{
    private static readonly Refusal NotReady = new(RefusalCode.ModelNotReady)
    {
        Detail = "The model is not ready to serve.",
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);

    // Other models' promotions wait for no longer than this for a version that is slow to load.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly ModelFault Changed = new(
        ModelManifest.FileName, null, "has changed since this version was first verified; give changed content a new version");

    private readonly Lock _lock = new();
    private string? _fingerprint;
    private Task<ModelSession?>? _loading;
    private ModelSession? _session;
    private DateTimeOffset? _retryAt;
    private ModelManifest? _manifest;
    private string? _digest;
    private string? _signedBy;
    private ImmutableArray<ModelFault> _faults = [];
    private ModelState _state = ModelState.Loading;
    private bool _closed;

    /// <summary>The model's name.</summary>
    public string Name => name;

    /// <summary>The version.</summary>
    public int Version => version;

    /// <summary>Where it stands.</summary>
    public ModelState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>The manifest; null until the folder was verified.</summary>
    public ModelManifest? Manifest => Volatile.Read(ref _manifest);

    /// <summary>The session; null where there is none.</summary>
    public ModelSession? Session => Volatile.Read(ref _session);

    /// <summary>What an operator sees.</summary>
    public ModelStatus Describe()
    {
        lock (_lock)
        {
            return new ModelStatus
            {
                Name = name,
                Version = version,
                State = _state == ModelState.Idle && _loading is not null ? ModelState.Loading : _state,
                Manifest = _manifest,
                Digest = _digest,
                SignedBy = _signedBy,
                MemoryBytes = _session?.Model.MemoryBytes ?? 0,
                Waiting = _session?.Model.Waiting ?? 0,
                Counts = _session?.Model.Counts,
                Faults = _faults,
            };
        }
    }

    /// <summary>Verifies the folder where that was not done, or where it was refused and may have been repaired.</summary>
    public async Task VerifyAsync(CancellationToken cancellation)
    {
        if (State is ModelState.Idle or ModelState.Ready || !MayTry())
        {
            return;
        }

        try
        {
            Settle(await loader.VerifyAsync(directory, cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever a folder makes its readers do, the models beside it are looked at.
            Settle(new FolderResult { Faults = [new ModelFault("", null, $"could not be verified ({e.GetType().Name})")], MayPass = true });
        }
    }

    /// <summary>A lease without waiting: pinned where a session is there, else to be loaded by whoever uses it.</summary>
    public ModelLease? TryLease(out Refusal? refusal)
    {
        var session = Session;
        if (session is not null && !session.TryPin())
        {
            session = null;
        }

        var manifest = Manifest;
        refusal = manifest is null || (session is null && State is ModelState.Refused or ModelState.Loading) ? NotReady : null;
        if (refusal is not null)
        {
            session?.Release();
            return null;
        }

        return new ModelLease(this, manifest!, session);
    }

    /// <summary>The session, pinned, after loading it where need be; or the refusal.</summary>
    public async Task<(ModelSession? Session, Refusal? Refusal)> AcquireAsync(CancellationToken cancellation)
    {
        // A session can be retired between being made and being pinned; then it is made once more.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (Session is { } ready && ready.TryPin())
            {
                if (attempt > 0)
                {
                    made();
                }

                return (ready, null);
            }

            if (await LoadOnce().WaitAsync(cancellation).ConfigureAwait(false) is null)
            {
                break;
            }
        }

        return (null, NotReady);
    }

    /// <summary>Loads, proves and warms the version; true where it then serves. One that takes long is loaded on beside, to be asked for again.</summary>
    public async Task<bool> EnsureReadyAsync(CancellationToken cancellation)
    {
        if (Session is not null || !MayTry())
        {
            return Session is not null;
        }

        try
        {
            return await LoadOnce().WaitAsync(Patience, time, cancellation).ConfigureAwait(false) is not null;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Lets the session go once nobody uses it, and keeps none that is yet being made: the version has left the catalog.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
        }

        return RetireAsync();
    }

    /// <summary>Lets the session go once nobody uses it.</summary>
    public Task RetireAsync()
    {
        var session = Detach();
        session?.Retire();
        return session?.Disposed ?? Task.CompletedTask;
    }

    /// <summary>Lets the session go if nobody uses it now; the bytes that this frees.</summary>
    public long TryEvict()
    {
        ModelSession session;
        lock (_lock)
        {
            if (_session is null || !_session.TryRetireIdle())
            {
                return 0;
            }

            (session, _session, _state) = (_session, null, ModelState.Idle);
        }

        // Nobody finds it any more while it goes, which takes a moment.
        session.End();
        return session.Model.MemoryBytes;
    }

    private ModelSession? Detach()
    {
        lock (_lock)
        {
            var session = _session;
            _session = null;
            _state = _state == ModelState.Ready ? ModelState.Idle : _state;
            return session;
        }
    }

    private Task<ModelSession?> LoadOnce()
    {
        lock (_lock)
        {
            if (_session is not null)
            {
                return Task.FromResult<ModelSession?>(_session);
            }

            // Not the caller's token: whoever leaves must not take the model from those who wait beside.
            return _loading ??= Task.Run(LoadAsync);
        }
    }

    private async Task<ModelSession?> LoadAsync()
    {
        var (session, faults) = ((ModelSession?)null, ImmutableArray<ModelFault>.Empty);
        var mayPass = false;
        var fingerprint = FolderListing.Fingerprint(directory);
        using var patience = new CancellationTokenSource(timeout, time);
        try
        {
            var verified = await loader.VerifyAsync(directory, patience.Token).ConfigureAwait(false);
            if (Settle(verified))
            {
                (var model, faults) = await loader.LoadAsync(verified, patience.Token).ConfigureAwait(false);
                session = model is null ? null : new ModelSession(model, time);
            }
            else
            {
                (faults, mayPass) = (Describe().Faults, verified.MayPass);
            }
        }
        catch (OperationCanceledException)
        {
            faults = [new ModelFault("", null, "did not load in time")];
            mayPass = true;
        }
        catch (Exception e)
        {
            // A defect of the runtime must not take other models down; the type is all that is safe to tell.
            faults = [new ModelFault(ModelManifest.ModelFileName, null, $"could not be loaded ({e.GetType().Name})")];
            mayPass = true;
        }

        ModelSession? orphan = null;
        lock (_lock)
        {
            if (_closed)
            {
                (orphan, session) = (session, null);
            }

            _loading = null;
            _fingerprint = fingerprint;
            _session = session;
            _faults = faults;
            _state = session is null ? ModelState.Refused : ModelState.Ready;
            _retryAt = RetryAt(mayPass);
        }

        orphan?.Retire();
        return session;
    }

    // A refused version is tried again when its folder changes, or some time after a fault that may have passed.
    private bool MayTry()
    {
        var fingerprint = FolderListing.Fingerprint(directory);
        lock (_lock)
        {
            if (_state == ModelState.Refused && fingerprint == _fingerprint && !(_retryAt <= time.GetUtcNow()))
            {
                return false;
            }

            _fingerprint = fingerprint;
            return true;
        }
    }

    private DateTimeOffset? RetryAt(bool mayPass) => mayPass ? time.GetUtcNow() + RetryDelay : null;

    private bool Settle(FolderResult result)
    {
        lock (_lock)
        {
            var changed = result.Folder is not null && _digest is not null && result.Folder.Digest != _digest;
            _faults = changed ? [Changed] : result.Faults;
            _manifest = changed ? _manifest : result.Manifest ?? _manifest;
            _state = _faults.IsEmpty ? ModelState.Idle : ModelState.Refused;
            _retryAt = RetryAt(result.MayPass);
            if (_faults.IsEmpty)
            {
                _digest = result.Folder!.Digest;
                _signedBy = result.Folder.SignedBy;
            }

            return _faults.IsEmpty;
        }
    }
}
