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
    case "validate" when args.Length > 3:
        {
            (TrainingSettings settings, List<Example> data, List<Example> templates) = ReadInputs(args[1], args[2], args[3]);
            Console.WriteLine($"{data.Count} examples, {templates.Count} of our own ({templates.Count(t => t.IsAttack)} attacks)");
            Console.WriteLine(settings);
            LeftOut leftOut = CrossValidation.Run(data, templates, settings);
            if (args.Contains("--disguises"))
            {
                leftOut.PrintDisguises(Corpus.Texts(Path.Combine(args[1], "guard-train.jsonl")));
            }

            if (!args.Contains("--fast"))
            {
                CrossValidation.Languages(data, templates, settings);
                if (!args.Contains("--languages"))
                {
                    CrossValidation.Files(data, templates, settings);
                }
            }

            return 0;
        }

    case "train" when args.Length > 4:
        {
            (TrainingSettings settings, List<Example> data, List<Example> templates) = ReadInputs(args[1], args[2], args[3]);
            LeftOut leftOut = CrossValidation.Run(data, templates, settings);
            GuardModel model = GuardModel.Train([.. data, .. templates], settings);
            ModelFolderWriter.Write(args[4], model, leftOut, CrossValidation.Figures(data, leftOut.Scores));
            return 0;
        }

    case "glossary" when args.Length > 2:
        {
            GlossaryList list = GlossaryList.Read(Path.Combine(args[1], "glossary"));
            File.WriteAllBytes(args[2], GlossaryWriter.Write(list));
            Console.WriteLine($"{list.Words.Count} words and {list.Stems.Count} stems");
            return 0;
        }

    default:
        Console.Error.WriteLine("usage: evaluate FILE.jsonl [--misses] [--names] [--disguises] | validate DATA_FOLDER VECTORS THIS_FOLDER [--fast | --languages] [--disguises] [Setting=value …] | train DATA_FOLDER VECTORS THIS_FOLDER MODEL_FOLDER | glossary THIS_FOLDER FILE");
        return 2;
}

(TrainingSettings Settings, List<Example> Data, List<Example> Templates) ReadInputs(string dataFolder, string vectors, string trainingFolder)
{
    TrainingSettings settings = new TrainingSettings { Vectors = WordVectors.Read(vectors) }.With(args);
    return (settings, Corpus.Load(Path.Combine(dataFolder, "guard-train.jsonl")), Corpus.FromTemplates(Path.Combine(trainingFolder, "templates"), settings));
}
