using System.Text.Json;
using FuncAiSecure.GuardTraining;

string command = args.Length > 0 ? args[0] : "help";
switch (command)
{
    case "evaluate" when args.Length > 1:
        List<JsonElement> rows = [.. File.ReadLines(args[1]).Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<JsonElement>(l))];
        if (rows.Count > 0 && rows[0].TryGetProperty("spans", out _))
        {
            PiiEvaluation.Run(rows, args.Contains("--misses"), args.Contains("--names"));
        }
        else
        {
            InjectionEvaluation.Run(rows, "models/prompt-guard/1", args.Contains("--disguises"));
        }

        return 0;
    case "validate" when args.Length > 1:
        {
            TrainingSettings settings = new();
            List<Example> data = Corpus.Load(Path.Combine(args[1], "guard-train.jsonl"));
            List<Example> templates = Corpus.FromTemplates(Path.Combine(args[2], "templates"), settings);
            Console.WriteLine($"{data.Count} examples, {templates.Count} of our own ({templates.Count(t => t.IsAttack)} attacks)");
            TrainingSettings[] tries = args.Contains("--tune")
                ?
                [
                    settings, settings with { WindowCost = 0 }, settings with { WindowCost = 0.3f }, settings with { Decay = 1e-4f }, settings with { Epochs = 10 },
                    settings with { Damping = 0.2f }, settings with { OwnWeight = 0.5f }, settings with { WordShare = 0 }, settings with { WordShare = 1 },
                    settings with { WordEpochs = 2 }, settings with { WordRate = 2e-3f },
                ]
                : [settings];
            foreach (TrainingSettings one in tries)
            {
                Console.WriteLine(one);
                LeftOut leftOut = CrossValidation.Run(data, templates.ConvertAll(t => t with { Weight = one.OwnWeight }), one);
                if (args.Contains("--disguises"))
                {
                    leftOut.PrintDisguises(Corpus.Texts(Path.Combine(args[1], "guard-train.jsonl")));
                }
            }

            if (!args.Contains("--fast"))
            {
                CrossValidation.Languages(data, templates, settings);
                CrossValidation.Files(data, templates, settings);
            }

            return 0;
        }

    case "train" when args.Length > 3:
        {
            TrainingSettings settings = new();
            List<Example> data = Corpus.Load(Path.Combine(args[1], "guard-train.jsonl"));
            List<Example> templates = Corpus.FromTemplates(Path.Combine(args[2], "templates"), settings);
            LeftOut leftOut = CrossValidation.Run(data, templates, settings);
            GuardModel model = GuardModel.Train([.. data, .. templates], settings);
            ModelFolderWriter.Write(args[3], model, leftOut, CrossValidation.Figures(data, leftOut.Scores));
            return 0;
        }

    default:
        Console.Error.WriteLine("usage: evaluate FILE.jsonl [--misses] [--names] [--disguises] | validate DATA_FOLDER THIS_FOLDER [--fast] [--tune] [--disguises] | train DATA_FOLDER THIS_FOLDER MODEL_FOLDER");
        return 2;
}
