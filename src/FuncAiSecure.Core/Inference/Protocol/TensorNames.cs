using System.Text;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>The names a model has, so that reading a request makes no string for a known one.</summary>
public sealed class TensorNames
{
    private readonly (byte[] Utf8, string Name)[] _names;

    /// <summary>Takes the model's input and output names.</summary>
    public TensorNames(IEnumerable<string> names) => _names = [.. names.Distinct(StringComparer.Ordinal).Select(name => (Encoding.UTF8.GetBytes(name), name))];

    /// <summary>No names: every name read is a new string.</summary>
    public static TensorNames None { get; } = new([]);

    internal string Intern(ReadOnlySpan<byte> utf8)
    {
        foreach (var (known, name) in _names)
        {
            if (utf8.SequenceEqual(known))
            {
                return name;
            }
        }

        return Encoding.UTF8.GetString(utf8);
    }
}
