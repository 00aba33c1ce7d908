using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference;

/// <summary>What a request's input costs in units: tokens where the model has a tokenizer, else a unit for each 4 characters or 256 elements.</summary>
public static class InputUnits
{
    /// <summary>Characters a unit, for texts that no tokenizer counts.</summary>
    public const int CharactersPerUnit = 4;

    /// <summary>Tensor elements a unit.</summary>
    public const int ElementsPerUnit = 256;

    /// <summary>Units of a text of this many characters: at least 1.</summary>
    public static long OfCharacters(long characters) => Math.Max(1, (characters + CharactersPerUnit - 1) / CharactersPerUnit);

    /// <summary>Units of a tensor request: the sum over its inputs, at least 1. Of a model with a tokenizer the inputs are its tokens, however sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="manifest">The model's manifest.</param>
    public static long Of(InferRequest request, ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(manifest);
        if (manifest.Tokenizer is not null)
        {
            return Math.Max(1, request.Inputs.Max(tensor => (long)tensor.ElementCount));
        }

        long units = 0;
        foreach (var tensor in request.Inputs)
        {
            units += tensor.Datatype == Datatype.Bytes
                ? OfCharacters(System.Text.Encoding.UTF8.GetCharCount(tensor.Data))
                : (tensor.ElementCount + ElementsPerUnit - 1) / ElementsPerUnit;
        }

        return Math.Max(1, units);
    }
}
