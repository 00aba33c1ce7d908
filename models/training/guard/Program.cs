using System.Text.Json;
using FuncAiSecure.GuardTraining;

string command = args.Length > 0 ? args[0] : "help";
switch (command)
{
    case "evaluate" when args.Length > 1:
        List<JsonElement> rows = [.. File.ReadLines(args[1]).Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<JsonElement>(l))];
        if (rows.Count > 0 && rows[0].TryGetProperty("spans", out _))
        {
            PiiEvaluation.Run(rows, args.Contains("--misses"));
        }

        return 0;
    default:
        Console.Error.WriteLine("usage: evaluate FILE.jsonl [--misses] | train DATA_FOLDER");
        return 2;
}
