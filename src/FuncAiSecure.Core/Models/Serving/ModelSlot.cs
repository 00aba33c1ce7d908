using System.Collections.Immutable;

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
internal sealed partial class ModelSlot(string name, int version, string directory, ModelLoader loader, TimeProvider time, TimeSpan timeout, Action made)
{
    private static readonly Refusal NotReady = new(RefusalCode.ModelNotReady)
    {
        Detail = "The model is not ready to serve.",
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private readonly Lock _lock = new();
    private ModelSession? _session;
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

            if (await LoadOnce(out _).WaitAsync(cancellation).ConfigureAwait(false) is null)
            {
                break;
            }
        }

        return (null, NotReady);
    }

    /// <summary>Lets the session go once nobody uses it, and keeps none that is yet being made: the version has left the catalog.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }

        Retire();
    }

    /// <summary>Lets the session go once nobody uses it.</summary>
    public void Retire() => Detach()?.Retire();

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
}
