using System.Text.Json;

namespace FuncAiSecure.Core.Inference.Tokenizers.Reading;

/// <summary>Reads how special tokens are put around texts.</summary>
internal sealed class PostProcessorReader
{
    private const string Part = "post_processor";

    public PostProcessorReader(JsonElement? part)
    {
        if (part is { } json)
        {
            Read(json);
        }
    }

    public TokenTemplate Template { get; private set; } = TokenTemplate.Plain;

    public bool TrimsOffsets { get; private set; }

    private void Read(JsonElement json)
    {
        switch (json.Kind())
        {
            case "Sequence":
                foreach (var step in json.GetProperty("processors").EnumerateArray())
                {
                    Read(step);
                }

                break;
            case "TemplateProcessing":
                var special = json.GetProperty("special_tokens");
                Template = new TokenTemplate(ReadItems(json.GetProperty("single"), special), ReadItems(json.GetProperty("pair"), special));
                break;
            case "BertProcessing":
                Template = Around(IdOf(json, "cls"), IdOf(json, "sep"), separators: 1, pairType: 1);
                break;
            case "RobertaProcessing":
                Template = Around(IdOf(json, "cls"), IdOf(json, "sep"), separators: 2, pairType: 0);
                TrimsOffsets = json.Flag("trim_offsets", true);
                break;
            case "ByteLevel":
                TrimsOffsets = json.Flag("trim_offsets", true);
                break;
            default:
                throw new TokenizerFormatException(Part, $"{json.Kind()} is not supported.");
        }
    }

    private static int IdOf(JsonElement json, string name) => json.GetProperty(name)[1].GetInt32();

    // BERT:    cls A sep, cls A sep B sep.     RoBERTa: cls A sep, cls A sep sep B sep.
    private static TokenTemplate Around(int cls, int sep, int separators, int pairType)
    {
        TemplateItem[] single = [new(-1, 0, [cls]), new(0, 0, []), new(-1, 0, [sep])];
        TemplateItem[] pair =
        [
            new(-1, 0, [cls]), new(0, 0, []), new(-1, 0, [.. Enumerable.Repeat(sep, separators)]), new(1, pairType, []), new(-1, pairType, [sep]),
        ];
        return new TokenTemplate(single, pair);
    }

    private static TemplateItem[] ReadItems(JsonElement items, JsonElement special) =>
        [.. items.EnumerateArray().Select(item => ReadItem(item, special))];

    private static TemplateItem ReadItem(JsonElement item, JsonElement special)
    {
        if (item.Find("Sequence") is { } sequence)
        {
            return new TemplateItem(sequence.GetProperty("id").GetString() == "A" ? 0 : 1, sequence.GetProperty("type_id").GetInt32(), []);
        }

        var token = item.GetProperty("SpecialToken");
        var ids = special.GetProperty(token.GetProperty("id").GetString()!).GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());
        return new TemplateItem(-1, token.GetProperty("type_id").GetInt32(), [.. ids]);
    }
}
