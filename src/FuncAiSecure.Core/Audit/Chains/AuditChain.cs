using FuncAiSecure.Core.Audit.Journal;
using FuncAiSecure.Core.Audit.Names;

namespace FuncAiSecure.Core.Audit.Chains;

/// <summary>
/// The records of one process and day, in the order of their acceptance. Until it is stored a record is in the journal or, where
/// that refuses, in the bounded memory queue, which always holds a run of consecutive records.
/// </summary>
internal sealed class AuditChain : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AuditKeys _keys;
    private readonly KeyedHash _hash;
    private readonly Pseudonyms _names;
    private readonly RecordJson _json = new();
    private readonly FrameBuilder _builder = new();
    private readonly List<byte[]> _newNames = new(2);
    private readonly Queue<Frame> _pending = new();
    private readonly int _capacity;
    private readonly ChainJournal? _journal;
    private byte[] _mac;
    private long _count;
    private long _lastQueued;
    private volatile bool _isClosed;

    private AuditChain(string id, AuditKeys keys, int capacity, Func<byte[], ChainJournal?> openJournal)
    {
        Id = id;
        _keys = keys;
        var key = keys.ChainOf(id);
        _hash = new KeyedHash(key);
        _mac = AuditKeys.Genesis(key);
        _names = new Pseudonyms(keys, id);
        _capacity = capacity;
        _journal = openJournal(key);
    }

    public string Id { get; }

    public string KeyVersion => _keys.Version;

    public AuditKeys Keys => _keys;

    public bool IsClosed => _isClosed;

    /// <summary>True once the ledger names this chain.</summary>
    public bool IsRegistered { get; set; }

    /// <summary>The last record that is stored.</summary>
    public long Stored { get; private set; }

    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>The code of the last record.</summary>
    public byte[] Head
    {
        get
        {
            lock (_gate)
            {
                return [.. _mac];
            }
        }
    }

    public static AuditChain Create(string id, AuditKeys keys, int capacity, JournalFolder? folder) =>
        new(id, keys, capacity, key => folder is null ? null : new ChainJournal(folder, id, keys.Version, key));

    /// <summary>A closed chain from a journal that an ended process left.</summary>
    public static AuditChain Reopen(string id, AuditKeys keys, long stored, long count, byte[] mac, Func<byte[], ChainJournal> openJournal) =>
        new(id, keys, 0, openJournal) { Stored = stored, _count = count, _mac = mac, _isClosed = true };

    /// <summary>Takes a record, which tells of lost ones; false when it is neither journaled nor, with healthy storage, queued.</summary>
    public bool TryAppend(AuditRecord record, DateTimeOffset time, long lost, bool storageIsHealthy)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _newNames.Clear();
            var (who, credential) = record.Principal is { } principal ? _names.Of(principal, _newNames) : default;
            var about = record.About is { } other ? _names.Of(other, _newNames) : null;
            var frame = Link(record, time, new RecordNames(who, credential, about), lost);
            if (_journal?.TryAppend(frame, _mac) != true && !(storageIsHealthy && TryQueue(frame)))
            {
                if (_newNames.Count > 0)
                {
                    _names.Forget(record.Principal?.Id, record.About);
                }

                return false;
            }

            _count++;
            frame.Mac.CopyTo(_mac);
            return true;
        }
    }

    /// <summary>The next records to store, in order.</summary>
    public List<Frame> NextBatch(int maxCount)
    {
        long to;
        lock (_gate)
        {
            if (Stored == _count)
            {
                return [];
            }

            if (_pending.TryPeek(out var first) && first.Sequence == Stored + 1)
            {
                return [.. _pending.Take(maxCount)];
            }

            to = _pending.Count > 0 ? first.Sequence - 1 : _count;
        }

        return _journal?.Read(Stored + 1, to, maxCount) ?? [];
    }

    /// <summary>Notes that records up to a sequence are stored.</summary>
    public void MarkStored(long sequence)
    {
        lock (_gate)
        {
            Stored = Math.Max(Stored, sequence);
            while (_pending.TryPeek(out var frame) && frame.Sequence <= Stored)
            {
                _pending.Dequeue();
            }
        }

        _journal?.Trim(Stored);
    }

    /// <summary>
    /// Goes on from where the process that left this chain has stored it: past the end of the journal too, which may have refused
    /// what storage then took.
    /// </summary>
    public void TakeStored(long count, byte[] mac)
    {
        lock (_gate)
        {
            if (count > _count)
            {
                (_count, _mac) = (count, mac);
            }
        }

        MarkStored(count);
    }

    /// <summary>Takes no further record.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    public void Flush() => _journal?.Flush();

    /// <summary>Removes the journal: everything is stored.</summary>
    public void DeleteJournal() => _journal?.Delete();

    public void Dispose()
    {
        _journal?.Dispose();
        _json.Dispose();
    }

    private Frame Link(AuditRecord record, DateTimeOffset time, RecordNames names, long lost)
    {
        _builder.Begin(_newNames);
        _json.Write(_builder, record, time, names, lost);
        Span<byte> mac = stackalloc byte[AuditKeys.MacLength];
        AuditKeys.LinkMac(_hash, _mac, _count + 1, _builder.Body, mac);
        return _builder.Complete(_count + 1, mac);
    }

    // The queue stays a run of consecutive records: past a record that only the journal has, it must run empty first.
    private bool TryQueue(Frame frame)
    {
        if (_pending.Count >= _capacity || (_pending.Count > 0 && _lastQueued != frame.Sequence - 1))
        {
            return false;
        }

        _pending.Enqueue(new Frame(frame.Bytes.ToArray()));
        _lastQueued = frame.Sequence;
        return true;
    }
}
