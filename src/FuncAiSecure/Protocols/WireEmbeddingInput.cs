using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Protocols;

/// <summary>What an embedding is asked of: texts, or token ids of callers that tokenize themselves. One of both.</summary>
[JsonConverter(typeof(WireEmbeddingInputConverter))]
internal sealed record WireEmbeddingInput(IReadOnlyList<string> Texts, IReadOnlyList<int[]>? TokenIds, bool IsList);

/// <summary>Reads a string, an array of strings, an array of token ids or an array of such arrays.</summary>
internal sealed class WireEmbeddingInputConverter : JsonConverter<WireEmbeddingInput>
{
    /// <inheritdoc />
    public override WireEmbeddingInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String)
        {
            return new WireEmbeddingInput([reader.GetString()!], null, IsList: false);
        }

        if (reader.TokenType is not JsonTokenType.StartArray || !reader.Read())
        {
            throw new JsonException();
        }

        return reader.TokenType switch
        {
            JsonTokenType.Number => new WireEmbeddingInput([], [Ids(ref reader)], IsList: false),
            JsonTokenType.StartArray => new WireEmbeddingInput([], Lists(ref reader), IsList: true),
            _ => new WireEmbeddingInput(Strings(ref reader), null, IsList: true),
        };
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, WireEmbeddingInput value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Requests are only read.");

    private static List<string> Strings(ref Utf8JsonReader reader)
    {
        var texts = new List<string>();
        for (; reader.TokenType is not JsonTokenType.EndArray; reader.Read())
        {
            texts.Add(reader.TokenType is JsonTokenType.String ? reader.GetString()! : throw new JsonException());
        }

        return texts;
    }

    private static int[] Ids(ref Utf8JsonReader reader)
    {
        var ids = new List<int>();
        for (; reader.TokenType is not JsonTokenType.EndArray; reader.Read())
        {
            ids.Add(reader.TokenType is JsonTokenType.Number && reader.TryGetInt32(out var id) && id >= 0 ? id : throw new JsonException());
        }

        return [.. ids];
    }

    private static List<int[]> Lists(ref Utf8JsonReader reader)
    {
        var lists = new List<int[]>();
        for (; reader.TokenType is not JsonTokenType.EndArray; reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.StartArray || !reader.Read())
            {
                throw new JsonException();
            }

            lists.Add(Ids(ref reader));
        }

        return lists;
    }
}
