using System.IO.Compression;
using System.Text;
using Azure.Data.Tables;

namespace FuncAiSecure.IntegrationTests.Canary;

/// <summary>All that was written anywhere, by the name of the place.</summary>
internal sealed class Sinks
{
    private readonly List<(string Name, byte[] Content)> _all = [];

    public void Add(string name, byte[] content) => _all.Add((name, content));

    public void Add(string name, string content) => Add(name, Encoding.UTF8.GetBytes(content));

    /// <summary>Every file of a folder, with its name, as it is at the moment.</summary>
    public void AddFolder(string name, string folder)
    {
        // An empty file is a lock, which its owner lets nobody open.
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file) is { Exists: true, Length: > 0 }))
        {
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                Add(name, copy.ToArray());
                Add(name, file);
            }
            catch (FileNotFoundException)
            {
                // The app has just let it go.
            }
        }
    }

    /// <summary>Every property of every row of every table, and the audit records unpacked.</summary>
    public async Task AddTablesAsync(string connectionString)
    {
        var service = new TableServiceClient(connectionString);
        await foreach (var table in service.QueryAsync())
        {
            Add("tables", table.Name);
            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>())
            {
                AddPacked("tables", [.. row.Keys.Where(name => name.StartsWith("Records", StringComparison.Ordinal)).Order().SelectMany(row.GetBinary)]);
                foreach (var (name, value) in row)
                {
                    Add("tables", name);
                    if (value is byte[] bytes)
                    {
                        Add("tables", bytes);
                    }
                    else
                    {
                        Add("tables", Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "");
                    }
                }
            }
        }
    }

    /// <summary>What Brotli packed.</summary>
    public void AddPacked(string name, byte[] packed)
    {
        using var unpacked = new MemoryStream();
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        brotli.CopyTo(unpacked);
        Add(name, unpacked.ToArray());
    }

    /// <summary>The places where a text lies.</summary>
    public string[] Find(string text)
    {
        byte[][] spellings = [.. Marks.Spellings(text)];
        return [.. _all.Where(item => spellings.Any(spelling => item.Content.AsSpan().IndexOf(spelling) >= 0)).Select(item => item.Name).Distinct()];
    }
}
