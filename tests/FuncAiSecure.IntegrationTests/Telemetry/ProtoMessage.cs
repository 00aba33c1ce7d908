using System.Buffers.Binary;
using System.Text;

namespace FuncAiSecure.IntegrationTests.Telemetry;

/// <summary>A protobuf message by field numbers, without a schema.</summary>
internal readonly struct ProtoMessage(ReadOnlyMemory<byte> bytes)
{
    /// <summary>The messages in a field, in order.</summary>
    public IEnumerable<ProtoMessage> All(int field) => Fields().Where(item => item.Field == field).Select(item => new ProtoMessage(item.Bytes));

    /// <summary>The message in a field; an empty one where it is absent.</summary>
    public ProtoMessage One(int field) => All(field).FirstOrDefault();

    public bool Has(int field) => Fields().Any(item => item.Field == field);

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field));

    /// <summary>The number in a field, a varint or 64 fixed bits.</summary>
    public ulong Number(int field) => Fields().FirstOrDefault(item => item.Field == field).Number;

    private ReadOnlySpan<byte> Bytes(int field) => Fields().FirstOrDefault(item => item.Field == field).Bytes.Span;

    private IEnumerable<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> Fields()
    {
        for (var at = 0; at < bytes.Length;)
        {
            var tag = Varint(ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return (field, Varint(ref at), default);
                    break;
                case 1:
                    yield return (field, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..]), default);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(ref at);
                    yield return (field, 0, bytes.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    yield return (field, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[at..]), default);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} at {at}.");
            }
        }
    }

    private ulong Varint(ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes.Span[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
