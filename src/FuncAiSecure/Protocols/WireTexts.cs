using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncAiSecure.Protocols;

/// <summary>One text or several: how the OpenAI family writes inputs.</summary>
[JsonConverter(typeof(WireTextsConverter))]
internal sealed record WireTexts(ImmutableArray<string> Texts, bool IsList);

/// <summary>Reads a string or an array of strings.</summary>
internal sealed class WireTextsConverter : JsonConverter<WireTexts>
{
    /// <inheritdoc />
    public override WireTexts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String)
        {
            return new WireTexts([reader.GetString()!], IsList: false);
        }

        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            throw new JsonException();
        }

        var texts = ImmutableArray.CreateBuilder<string>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is not JsonTokenType.String)
            {
                throw new JsonException();
            }

            texts.Add(reader.GetString()!);
        }

        return new WireTexts(texts.DrainToImmutable(), IsList: true);
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, WireTexts value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Requests are only read.");
}
