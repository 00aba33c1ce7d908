using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Entities to JSON and back, without an intermediate tree.</summary>
internal static class EntityJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> output, ITableEntity entity)
    {
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        EntityShape.Of(entity.GetType()).WriteProperties(entity, writer);
        writer.WriteEndObject();
    }

    public static T Read<T>(ReadOnlySpan<byte> json)
        where T : class, ITableEntity
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return (T)ReadEntity(ref reader, EntityShape.Of(typeof(T)));
    }

    public static List<T> ReadList<T>(ReadOnlySpan<byte> json)
        where T : class, ITableEntity
    {
        var shape = EntityShape.Of(typeof(T));
        var list = new List<T>();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (!isValue)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                list.Add((T)ReadEntity(ref reader, shape));
            }
        }

        return list;
    }

    // A type annotation stands right before its value, as the OData JSON format demands.
    private static ITableEntity ReadEntity(ref Utf8JsonReader reader, EntityShape shape)
    {
        var entity = shape.Create();
        string annotated = null, edmType = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (name.EndsWith(EdmValue.AnnotationSuffix, StringComparison.Ordinal))
            {
                annotated = name[..^EdmValue.AnnotationSuffix.Length];
                edmType = reader.GetString();
            }
            else if (name is nameof(ITableEntity.Timestamp))
            {
                shape.Set(entity, name, EdmValue.Read(ref reader, "Edm.DateTime"));
            }
            else if (name is TableEntity.ETagName || !name.StartsWith("odata.", StringComparison.Ordinal))
            {
                shape.Set(entity, name, EdmValue.Read(ref reader, name == annotated ? edmType : null));
            }
        }

        return entity;
    }
}
