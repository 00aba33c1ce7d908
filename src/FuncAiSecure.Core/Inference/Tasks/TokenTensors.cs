using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>Token ids, attention mask and token types as a model's inputs, padded to the group's longest text.</summary>
internal static class TokenTensors
{
    public const string Ids = "input_ids";
    public const string Mask = "attention_mask";
    public const string Types = "token_type_ids";

    /// <summary>Whether texts of unlike length may share a run: only a mask tells the graph what is text.</summary>
    public static bool MayPad(ModelManifest manifest) => manifest.Inputs.Any(input => input.Name == Mask);

    /// <summary>What fills up shorter texts, an entry an input of the manifest.</summary>
    public static long[] Padding(ModelManifest manifest, ITextEncoder encoder) =>
        [.. manifest.Inputs.Select(input => input.Name switch { Ids => encoder.PadId, Types => encoder.PadTypeId, _ => 0L })];

    /// <summary>The inputs in the manifest's order. The caller disposes them.</summary>
    public static Tensor[] Build(OnnxModel model, TextEncoding[] encodings, int[] group)
    {
        var length = group.Max(index => encodings[index].Count);
        var padding = Padding(model.Manifest, model.Encoder!);
        var tensors = new Tensor[model.Manifest.Inputs.Length];
        for (var input = 0; input < tensors.Length; input++)
        {
            var spec = model.Manifest.Inputs[input];
            tensors[input] = Tensor.Rent(spec.Name, spec.Datatype, [group.Length, length]);
            for (var row = 0; row < group.Length; row++)
            {
                Fill(tensors[input], row * length, length, encodings[group[row]], padding[input]);
            }
        }

        return tensors;
    }

    private static void Fill(Tensor tensor, int at, int length, TextEncoding encoding, long padding)
    {
        for (var token = 0; token < length; token++)
        {
            var value = token >= encoding.Count ? padding : tensor.Name switch
            {
                Ids => encoding.Ids[token],
                Types => encoding.TypeIds[token],
                _ => 1,
            };
            if (tensor.Datatype == Datatype.Int64)
            {
                tensor.Elements<long>()[at + token] = value;
            }
            else
            {
                tensor.Elements<int>()[at + token] = (int)value;
            }
        }
    }
}
