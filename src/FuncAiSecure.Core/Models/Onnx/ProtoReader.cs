namespace FuncAiSecure.Core.Models.Onnx;

/// <summary>
/// Walks one protocol-buffer message field by field without copying: enough of the wire format
/// (protobuf.dev/programming-guides/encoding) to judge a model before the runtime sees it. Groups are refused.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;
    private ulong _kind;
    private ulong _number;
    private ReadOnlySpan<byte> _bytes;

    /// <summary>The current field's number.</summary>
    public int Field { get; private set; }

    // The runtime passes over a field of another kind than the format's, and keeps what stood in one before it.

    /// <summary>The current field's value, a varint. Throws <see cref="InvalidDataException"/> where it is none.</summary>
    public readonly ulong Number => _kind == 0 ? _number : throw Unreadable();

    /// <summary>The current field's bytes, length-delimited. Throws <see cref="InvalidDataException"/> where it is of another kind.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _kind == 2 ? _bytes : throw Unreadable();

    /// <summary>Whether the current field's numbers stand together, to be read by a reader of its bytes with <see cref="ReadPacked"/>.</summary>
    public readonly bool IsPacked => _kind == 2;

    /// <summary>Where the current field, key included, starts and ends in the message.</summary>
    public Range Extent { get; private set; }

    /// <summary>Goes to the next field; false at the end. Throws <see cref="InvalidDataException"/> where the bytes are no message.</summary>
    public bool Read()
    {
        if (_position == _message.Length)
        {
            return false;
        }

        var start = _position;
        var key = Varint();
        Field = (int)Math.Min(key >> 3, int.MaxValue);

        // The runtime drops what is past 32 bits, and would find another field than this reader.
        if (Field == 0 || key > uint.MaxValue)
        {
            throw Unreadable();
        }

        _kind = key & 7;
        switch (_kind)
        {
            case 0:
                _number = Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                _bytes = Take(Varint());
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Unreadable();
        }

        Extent = start.._position;
        return true;
    }

    /// <summary>Goes to the next of numbers that stand together without keys; false at the end.</summary>
    public bool ReadPacked(out ulong number)
    {
        var more = _position < _message.Length;
        number = more ? Varint() : 0;
        return more;
    }

    private static InvalidDataException Unreadable() => new("is not a protocol buffer that the runtime reads");

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_message.Length - _position))
        {
            throw new InvalidDataException("ends in the middle of a field");
        }

        var taken = _message.Slice(_position, (int)length);
        _position += (int)length;
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Unreadable();
    }
}
