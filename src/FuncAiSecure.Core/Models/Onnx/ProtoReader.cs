namespace FuncAiSecure.Core.Models.Onnx;

/// <summary>
/// Walks one protocol-buffer message field by field without copying: enough of the wire format
/// (protobuf.dev/programming-guides/encoding) to judge a model before the runtime sees it. Groups are refused.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>The current field's number.</summary>
    public int Field { get; private set; }

    /// <summary>The current field's value where it is a varint or fixed number.</summary>
    public ulong Number { get; private set; }

    /// <summary>The current field's bytes where it is length-delimited; empty else.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Where the current field, key included, starts and ends in the message.</summary>
    public Range Extent { get; private set; }

    /// <summary>Whether the current field is length-delimited.</summary>
    public bool IsBytes { get; private set; }

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
            throw new InvalidDataException("is not a protocol buffer that the runtime reads");
        }

        IsBytes = (key & 7) == 2;
        Bytes = default;
        Number = 0;
        switch (key & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BitConverter.ToUInt64(Take(8));
                break;
            case 2:
                Bytes = Take(Varint());
                break;
            case 5:
                Number = BitConverter.ToUInt32(Take(4));
                break;
            default:
                throw new InvalidDataException("is not a protocol buffer that the runtime reads");
        }

        Extent = start.._position;
        return true;
    }

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

        throw new InvalidDataException("is not a protocol buffer that the runtime reads");
    }
}
