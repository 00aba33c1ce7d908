using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Journal;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Audit;

/// <summary>
/// Takes records on the request's path, without waiting. What true means: the record has its place in the hash chain and is
/// <b>written to the local journal</b> (in the system's hands: it outlives this process however it ends, and the machine once the
/// next flush, within <see cref="AuditOptions.BatchDelay"/>, has passed), and it will be sent to the table until it is there, by
/// this process or the next one on this disk. Only while the journal refuses and storage is well, a record is taken into the
/// memory queue alone; those are the records that a kill in that state can lose, and verification then names the gap.
/// </summary>
public sealed class AuditTrail : IDisposable
{
    /// <summary>The action of a record that counts requests without a principal.</summary>
    internal const string Strangers = "Strangers";

    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<AuditChain> _chains = [];
    private readonly StrangerCounts _strangers = new();
    private AuditChain? _active;
    private DateOnly _day;
    private volatile AuditKeys? _keys;
    private volatile bool _storageIsHealthy;
    private int _chainsMade;
    private long _lost;
    private long _untold;

    /// <summary>Makes a trail that takes nothing until its secret is there.</summary>
    public AuditTrail(IOptions<AuditOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _time = time;
        Instance = ChainId.NewInstance(time.GetUtcNow());
        Folder = JournalFolder.TryCreate(_options.JournalDirectory, Instance, _options.MaxJournalBytes);
    }

    /// <summary>False until the audit secret was read, and after the end: nothing can be recorded then.</summary>
    public bool IsReady => _keys is not null;

    /// <summary>
    /// True while no record would be taken, as far as that can be known before there is one, and the deployment does not serve unrecorded:
    /// what a request changes must not have happened by the time its record is refused.
    /// </summary>
    public bool Refuses => _options.WhenUnrecordable == UnrecordableAction.Refuse && !(IsReady && (StorageIsHealthy || Folder?.HasRoom == true));

    /// <summary>Records that are accepted and not yet in the table.</summary>
    public long Backlog => Chains.Sum(chain => chain.Count - chain.Stored);

    /// <summary>Requests served without a record, by the deployment's choice.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>The name of this process in the names of its chains: 20 hexadecimal digits, new with every start.</summary>
    public string Instance { get; }

    internal JournalFolder? Folder { get; }

    internal bool StorageIsHealthy
    {
        get => _storageIsHealthy;
        set => _storageIsHealthy = value;
    }

    internal IReadOnlyList<AuditChain> Chains
    {
        get
        {
            lock (_gate)
            {
                return [.. _chains];
            }
        }
    }

    /// <summary>
    /// Takes the record of a request that is about to be answered. False means that the request must be refused: neither journal
    /// nor storage takes the record, and the deployment's choice is not to serve unrecorded.
    /// </summary>
    public bool TryRecord(AuditRecord record) => TryRecord(record, _options.WhenUnrecordable == UnrecordableAction.Serve);

    /// <summary>As <see cref="TryRecord(AuditRecord)"/>, for what no deployment may choose to serve unrecorded.</summary>
    public bool MustRecord(AuditRecord record) => TryRecord(record, mayServe: false);

    /// <summary>
    /// A keyed hash of an input, 32 hexadecimal digits: equal inputs can be recognised while the secret's version lasts, and guessed
    /// by nobody without it. Null while the trail is not ready.
    /// </summary>
    public string? DigestInput(ReadOnlySpan<byte> input)
    {
        if (_keys is not { } keys)
        {
            return null;
        }

        Span<byte> mac = stackalloc byte[AuditKeys.MacLength];
        keys.Digest.Compute(input, default, default, mac);
        return Convert.ToHexStringLower(mac[..16]);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var chain in Chains)
        {
            chain.Dispose();
        }

        Folder?.Dispose();
    }

    /// <summary>Takes records under this version of the secret from now on; a chain under another one ends.</summary>
    internal void Open(AuditSecret secret)
    {
        lock (_gate)
        {
            if (_keys?.Version == secret.Version)
            {
                return;
            }

            _keys = new AuditKeys(secret);
            _active?.Close();
            _active = null;
        }
    }

    /// <summary>Takes no further record; what was taken stays to be sent.</summary>
    internal void Close()
    {
        RecordCounted(null);
        lock (_gate)
        {
            _keys = null;
            _active?.Close();
            _active = null;
        }
    }

    /// <summary>Adds chains that an ended process left.</summary>
    internal void Adopt(IEnumerable<AuditChain> chains)
    {
        lock (_gate)
        {
            _chains.InsertRange(0, chains);
        }
    }

    internal void Remove(AuditChain chain)
    {
        lock (_gate)
        {
            _chains.Remove(chain);
        }
    }

    /// <summary>
    /// Ends the active chain when its day is over, so that a quiet instance's chain does not stay open. A clock that was set back has ended
    /// no day: the chain that would follow has this one's, and would be ended like it, time and again.
    /// </summary>
    internal void RollOver()
    {
        RecordCounted(_time.GetUtcNow());
        lock (_gate)
        {
            if (_active is not null && _day < DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime))
            {
                _active.Close();
                _active = null;
            }
        }
    }

    // What was counted gets its record within a second or so, also if nobody comes any more.
    private void RecordCounted(DateTimeOffset? now)
    {
        if (IsReady && _strangers.TakeCounted(now) is > 0 and var counted)
        {
            // What cannot be recorded now is counted on.
            TryRecord(new AuditRecord { Action = Strangers, Outcome = AuditOutcomes.Counted, Others = counted }, mayServe: false);
        }
    }

    private bool TryRecord(AuditRecord record, bool mayServe)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!IsReady)
        {
            return AcceptUnrecorded(mayServe);
        }

        var now = _time.GetUtcNow();
        if (record is { Principal: null, ClientAddress: { } address })
        {
            if (!_strangers.TryTake(address, now, out var others))
            {
                return true;
            }

            record.Others = others;
        }

        if (TryAppend(record, now))
        {
            return true;
        }

        _strangers.Return(record.Others);
        return AcceptUnrecorded(mayServe);
    }

    private bool TryAppend(AuditRecord record, DateTimeOffset now)
    {
        // What was served unrecorded one record tells, and only if it is taken; of whatever chain it is.
        var lost = Volatile.Read(ref _untold) == 0 ? 0 : Interlocked.Exchange(ref _untold, 0);
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var chain = ActiveChain(day);
        while (chain is not null)
        {
            if (chain.TryAppend(record, now, lost, StorageIsHealthy))
            {
                return true;
            }

            // The day's end, or a new secret, may have closed the chain in between; there is another one then.
            var next = chain.IsClosed ? NextChain(day) : chain;
            chain = ReferenceEquals(next, chain) ? null : next;
        }

        Interlocked.Add(ref _untold, lost);
        return false;
    }

    private AuditChain? ActiveChain(DateOnly day)
    {
        var active = Volatile.Read(ref _active);
        return active is not null && _day == day ? active : NextChain(day);
    }

    private AuditChain? NextChain(DateOnly day)
    {
        lock (_gate)
        {
            if (_keys is not { } keys)
            {
                return null;
            }

            // A clock that went back a little keeps the newer day: a chain's name is used once.
            if (_active is null || day > _day)
            {
                _active?.Close();
                _day = _active is null && day < _day ? _day : day;
                _active = AuditChain.Create(ChainId.Of(_day, Instance, _chainsMade++), keys, _options.QueueCapacity, Folder);
                _chains.Add(_active);
            }

            return _active;
        }
    }

    private bool AcceptUnrecorded(bool mayServe)
    {
        if (!mayServe)
        {
            return false;
        }

        Interlocked.Increment(ref _lost);
        Interlocked.Increment(ref _untold);
        return true;
    }
}
