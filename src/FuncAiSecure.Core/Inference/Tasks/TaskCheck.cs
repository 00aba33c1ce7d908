using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>Whether a model's graph can be asked what its task says.</summary>
internal static class TaskCheck
{
    /// <summary>Throws where it cannot.</summary>
    /// <exception cref="ModelLoadException">With the reason, for operators.</exception>
    public static void Require(ModelManifest manifest)
    {
        if (manifest.Task == ModelTask.Tensor)
        {
            return;
        }

        if (manifest.Outputs[0].Datatype is not (Datatype.Fp32 or Datatype.Fp64 or Datatype.Fp16))
        {
            throw new ModelLoadException("A text task reads floating-point numbers from the first output.");
        }

        if (manifest.Tokenizer is null)
        {
            if (manifest.Inputs is not [{ Datatype: Datatype.Bytes, Shape: [-1] or [-1, 1] or [-1, -1] or [1] or [1, 1] }])
            {
                throw new ModelLoadException("A text task without a tokenizer takes one BYTES input, a text a row.");
            }
        }
        else if (manifest.Inputs.Any(input => input.Name is not (TokenTensors.Ids or TokenTensors.Mask or TokenTensors.Types)
            || input.Datatype is not (Datatype.Int64 or Datatype.Int32) || input.Shape.Length != 2))
        {
            throw new ModelLoadException("A model with a tokenizer takes input_ids, attention_mask and token_type_ids, INT64 or INT32, [rows, length].");
        }

        var rank = manifest.Outputs[0].Shape.Length;
        var wanted = manifest.Task == ModelTask.TokenClassification || manifest.Pooling != Pooling.None ? 3 : 2;
        if (rank != wanted && !(rank == 1 && manifest.Task == ModelTask.Rerank))
        {
            throw new ModelLoadException("The first output does not have the dimensions that the task reads.");
        }
    }
}
