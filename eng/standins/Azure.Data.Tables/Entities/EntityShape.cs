using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>How entities of one type become named values and back.</summary>
internal abstract class EntityShape
{
    private static readonly ConcurrentDictionary<Type, EntityShape> Shapes = new();

    public static EntityShape Of(Type type) =>
        Shapes.GetOrAdd(type, static t => t == typeof(TableEntity) ? new DictionaryShape() : new TypedShape(t));

    public abstract ITableEntity Create();

    public abstract void Set(ITableEntity entity, string name, object value);

    public abstract void WriteProperties(ITableEntity entity, Utf8JsonWriter writer);

    private sealed class DictionaryShape : EntityShape
    {
        public override ITableEntity Create() => new TableEntity();

        public override void Set(ITableEntity entity, string name, object value) => ((TableEntity)entity).SetUnchecked(name, value);

        public override void WriteProperties(ITableEntity entity, Utf8JsonWriter writer)
        {
            var values = ((TableEntity)entity).Enumerate();
            while (values.MoveNext())
            {
                if (!IsSystem(values.Current.Key))
                {
                    EdmValue.Write(writer, values.Current.Key, values.Current.Value);
                }
            }
        }
    }

    private sealed class TypedShape : EntityShape
    {
        private readonly Type _type;
        private readonly Dictionary<string, PropertyInfo> _properties = new(StringComparer.Ordinal);

        public TypedShape(Type type)
        {
            _type = type;
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (property.GetMethod is { IsPublic: true } && property.SetMethod is { IsPublic: true }
                    && property.GetIndexParameters().Length == 0 && !property.IsDefined(typeof(IgnoreDataMemberAttribute)))
                {
                    _properties[NameOf(property)] = property;
                }
            }
        }

        public override ITableEntity Create() => (ITableEntity)Activator.CreateInstance(_type);

        public override void Set(ITableEntity entity, string name, object value)
        {
            if (name == TableEntity.ETagName)
            {
                entity.ETag = new ETag((string)value);
            }
            else if (_properties.TryGetValue(name, out var property) && value is not null)
            {
                property.SetValue(entity, EdmValue.ConvertTo(value, property.PropertyType));
            }
        }

        public override void WriteProperties(ITableEntity entity, Utf8JsonWriter writer)
        {
            foreach (var (name, property) in _properties)
            {
                if (!IsSystem(name))
                {
                    EdmValue.Write(writer, name, property.GetValue(entity));
                }
            }
        }
    }

    public static string NameOf(MemberInfo property) => property.GetCustomAttribute<DataMemberAttribute>()?.Name ?? property.Name;

    private static bool IsSystem(string name) =>
        name is nameof(ITableEntity.Timestamp) or nameof(ITableEntity.ETag) || name.StartsWith("odata.", StringComparison.Ordinal);
}
