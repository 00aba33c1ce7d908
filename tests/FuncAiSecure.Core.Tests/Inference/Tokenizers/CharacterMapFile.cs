using System.Buffers.Binary;
using System.Text;

namespace FuncAiSecure.Core.Tests.Inference.Tokenizers;

/// <summary>Compiles maps of characters as SentencePiece writes them, for tests.</summary>
internal sealed class CharacterMapFile
{
    private const uint Ends = 1 << 8;
    private const uint IsValue = 1u << 31;

    private readonly List<uint?> _units = [];
    private readonly List<byte> _replacements = [];

    private CharacterMapFile()
    {
    }

    /// <summary>What a map is likely to do: white space of all kinds to a blank, what is invisible away, wide and ringed letters to plain ones, accents joined.</summary>
    public static Dictionary<string, string> Usual()
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["\t"] = " ", ["\n"] = " ", ["\r"] = " ", ["\u00A0"] = " ", ["\u2003"] = " ", ["\u3000"] = " ", ["\u200B"] = " ", ["\u0007"] = "", ["\u00AD"] = "",
            ["\uFEFF"] = "", ["\u2126"] = "\u03A9", ["\uFB01"] = "fi", ["\u1E9E"] = "SS", ["e\u0301"] = "\u00E9", ["\u304B\u3099"] = "\u304C", ["\u00BD"] = "1\u20442",
            ["\U0001D400"] = "A", ["\U00020000"] = "\U00020001\U00020002", ["\u0301"] = "'",
        };
        for (var code = 0xFF01; code <= 0xFF5E; code++)
        {
            map[((char)code).ToString()] = ((char)(code - 0xFF01 + '!')).ToString();
        }

        for (var code = 0x24D0; code <= 0x24E9; code++)
        {
            map[((char)code).ToString()] = ((char)(code - 0x24D0 + 'a')).ToString();
        }

        return map;
    }

    /// <summary>The map's bytes.</summary>
    public static byte[] Compile(IReadOnlyDictionary<string, string> map)
    {
        var file = new CharacterMapFile();
        var keys = map.Select(pair => (Key: Encoding.UTF8.GetBytes(pair.Key), Place: file.Place(pair.Value))).ToList();
        file.Take(0);
        file._units[0] = file.AddChildren(0, [.. keys], depth: 0);
        var bytes = new byte[4 + (file._units.Count * 4)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, file._units.Count * 4);
        for (var i = 0; i < file._units.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 + (i * 4)), file._units[i] ?? 0);
        }

        return [.. bytes, .. file._replacements];
    }

    private uint Place(string replacement)
    {
        var place = (uint)_replacements.Count;
        _replacements.AddRange([.. Encoding.UTF8.GetBytes(replacement), 0]);
        return place;
    }

    /// <summary>Places a node's children and returns what its unit says of them.</summary>
    private uint AddChildren(uint node, List<(byte[] Key, uint Place)> keys, int depth)
    {
        var children = keys.Where(key => key.Key.Length > depth).GroupBy(key => key.Key[depth]).ToList();
        var ends = keys.Where(key => key.Key.Length == depth).ToList();
        var first = FreeFor([.. children.Select(child => (uint)child.Key), .. ends.Count > 0 ? [0u] : Array.Empty<uint>()]);
        foreach (var end in ends)
        {
            Take(first);
            _units[(int)first] = IsValue | end.Place;
        }

        children.ForEach(child => Take(first ^ child.Key));
        foreach (var child in children)
        {
            _units[(int)(first ^ child.Key)] = child.Key | AddChildren(first ^ child.Key, [.. child], depth + 1);
        }

        return ((node ^ first) << 10) | (ends.Count > 0 ? Ends : 0);
    }

    private uint FreeFor(uint[] labels)
    {
        var first = 1u;
        while (labels.Any(label => (first ^ label) < _units.Count && _units[(int)(first ^ label)] is not null))
        {
            first++;
        }

        return first;
    }

    private void Take(uint index)
    {
        while (_units.Count <= index)
        {
            _units.Add(null);
        }

        _units[(int)index] = 0;
    }
}
