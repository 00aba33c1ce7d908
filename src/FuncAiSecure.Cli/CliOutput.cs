using System.Text.Json;
using System.Text.Json.Nodes;
using FuncAiSecure.Core;

namespace FuncAiSecure.Cli;

/// <summary>Writes a command's result to standard output, as text or as one JSON document, and its errors to standard error.</summary>
public sealed class CliOutput(OutputFormat format, TextWriter output, TextWriter error)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes one thing: a line <c>name: value</c> for each member, or a JSON object.</summary>
    public void Write(JsonObject item)
    {
        if (format == OutputFormat.Json)
        {
            output.WriteLine(item.ToJsonString(Indented));
            return;
        }

        var width = item.Max(member => member.Key.Length) + 1;
        foreach (var (name, value) in item)
        {
            output.WriteLine($"{(name + ":").PadRight(width)} {Text(value)}".TrimEnd());
        }
    }

    /// <summary>Writes a list: a table whose columns are the members of its first item, or a JSON array.</summary>
    public void Write(IReadOnlyList<JsonObject> items)
    {
        if (format == OutputFormat.Json)
        {
            output.WriteLine(new JsonArray([.. items]).ToJsonString(Indented));
            return;
        }

        if (items.Count == 0)
        {
            output.WriteLine("nothing found");
            return;
        }

        List<string> columns = [.. items[0].Select(member => member.Key)];
        List<string[]> rows = [[.. columns.Select(name => name.ToUpperInvariant())],
            .. items.Select(item => columns.Select(name => Text(item[name])).ToArray())];
        var widths = Enumerable.Range(0, columns.Count).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    /// <summary>Says on standard error why a command did not do what was asked; gives the exit code.</summary>
    public int Refuse(Refusal refusal) => Fail(refusal.Detail ?? refusal.Code.ToString());

    /// <summary>Says on standard error what is wrong; gives the exit code.</summary>
    public int Fail(string message)
    {
        Note(message);
        return 1;
    }

    /// <summary>Says on standard error what does not keep a command from being done.</summary>
    public void Note(string message) => error.WriteLine(Plain(message));

    // A terminal must not obey what a manifest, a file's name or a caller says.
    private static string Plain(string text) => string.Create(text.Length, text, static (plain, text) =>
    {
        for (var i = 0; i < plain.Length; i++)
        {
            plain[i] = char.IsControl(text[i]) ? '\uFFFD' : text[i];
        }
    });

    private static string Text(JsonNode? value) => value switch
    {
        null => "-",
        JsonArray list => list.Count == 0 ? "-" : string.Join(",", list.Select(Text)),
        _ => Plain(value.ToString()),
    };
}
