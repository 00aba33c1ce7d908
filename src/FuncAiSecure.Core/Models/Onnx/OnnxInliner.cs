using System.Collections.Frozen;

namespace FuncAiSecure.Core.Models.Onnx;

/// <summary>
/// Puts external data back into the graph, from memory that was hashed: the runtime then has nothing to read from disk. The
/// managed binding has no call that would take the files' bytes beside the graph's.
/// </summary>
internal static class OnnxInliner
{
    /// <summary>Rewrites a judged model whose main graph has external initializers. Throws <see cref="InvalidDataException"/> past 2 GB.</summary>
    public static byte[] Inline(ReadOnlySpan<byte> model, FrozenDictionary<string, ReadOnlyMemory<byte>> files)
    {
        using var output = new MemoryStream(model.Length);
        var reader = new ProtoReader(model);
        while (reader.Read())
        {
            if (reader.Field == 7)
            {
                using var graph = new MemoryStream();
                Graph(reader.Bytes, files, graph);
                Field(output, 7, graph.GetBuffer().AsSpan(0, (int)graph.Length));
            }
            else
            {
                output.Write(model[reader.Extent]);
            }
        }

        return output.ToArray();
    }

    private static void Graph(ReadOnlySpan<byte> graph, FrozenDictionary<string, ReadOnlyMemory<byte>> files, MemoryStream output)
    {
        var reader = new ProtoReader(graph);
        while (reader.Read())
        {
            if (reader.Field == 5 && OnnxWalker.ReadExternal(reader.Bytes) is { } external)
            {
                var file = files[external.Location].Span[(int)external.Offset..];
                var data = external.Length is { } length ? file[..(int)length] : file;
                if (output.Length + data.Length > Array.MaxLength - (1 << 20))
                {
                    throw new InvalidDataException("is larger than 2 GB with its external data");
                }

                using var tensor = new MemoryStream(data.Length + 256);
                Tensor(reader.Bytes, data, tensor);
                Field(output, 5, tensor.GetBuffer().AsSpan(0, (int)tensor.Length));
            }
            else
            {
                output.Write(graph[reader.Extent]);
            }
        }
    }

    private static void Tensor(ReadOnlySpan<byte> tensor, ReadOnlySpan<byte> data, MemoryStream output)
    {
        var reader = new ProtoReader(tensor);
        while (reader.Read())
        {
            if (reader.Field is not (9 or 13 or 14))
            {
                output.Write(tensor[reader.Extent]);
            }
        }

        Field(output, 9, data);
    }

    private static void Field(MemoryStream output, int number, ReadOnlySpan<byte> bytes)
    {
        Varint(output, (ulong)(number << 3 | 2));
        Varint(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    private static void Varint(MemoryStream output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            output.WriteByte((byte)(value | 0x80));
        }

        output.WriteByte((byte)value);
    }
}
