using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Protocols;

/// <summary>Reads an array of strings without nulls: nullability is checked for members only, not for elements.</summary>
internal sealed class TextArrayConverter : JsonConverter<string[]>
{
    /// <inheritdoc />
    public override string[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            throw new JsonException();
        }

        var texts = new List<string>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            texts.Add(reader.TokenType is JsonTokenType.String ? reader.GetString()! : throw new JsonException());
        }

        return [.. texts];
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, string[] value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Requests are only read.");
}
