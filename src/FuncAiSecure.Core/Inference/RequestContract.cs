using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference;

/// <summary>Whether a tensor request is what the model's manifest takes: names, datatypes, shapes, counts, limits of elements.</summary>
public static class RequestContract
{
    /// <summary>Checks everything and lists what is wrong.</summary>
    /// <param name="request">The request.</param>
    /// <param name="manifest">The model's manifest.</param>
    /// <param name="maxRows">The most rows of a request, where the manifest does not say less.</param>
    /// <returns>Null, or <see cref="RefusalCode.InputInvalid"/> with a pointer for each fault.</returns>
    public static Refusal? Check(InferRequest request, ModelManifest manifest, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(manifest);
        RequestFaults? faults = null;
        long rows = -1;
        var known = 0;
        for (var index = 0; index < request.Inputs.Count; index++)
        {
            var tensor = request.Inputs[index];
            if (Find(manifest.Inputs, tensor.Name) is not { } spec)
            {
                Add(ref faults, index, "/name", "The model has no such input.");
                continue;
            }

            known++;
            CheckTensor(ref faults, index, tensor, spec, Math.Min(manifest.Limits.MaxBatch ?? maxRows, maxRows), ref rows);

            if (manifest.Tokenizer is { MaxTokens: var most } && tensor.Shape is [var of, var length])
            {
                CheckTokens(ref faults, index, of, length, most, manifest.Limits.MaxBatch is null);
            }
        }

        if (known < manifest.Inputs.Length)
        {
            (faults ??= new RequestFaults()).Add("/inputs", "Does not have every input of the model.");
        }

        for (var index = 0; index < request.Outputs.Count; index++)
        {
            if (Find(manifest.Outputs, request.Outputs[index].Name) is null)
            {
                (faults ??= new RequestFaults()).Add(string.Create(CultureInfo.InvariantCulture, $"/outputs/{index}/name"), "The model has no such output.");
            }
        }

        return faults?.ToRefusal();
    }

    // A row of tokens costs as much whoever made them of a text. Where the manifest names no rows that its graph may hold at once, texts run
    // one by one, and tensors may be no more: their rows share one run, whose memory grows with them and which no deadline bounds.
    private static void CheckTokens(ref RequestFaults? faults, int index, long rows, long length, int most, bool asOneText)
    {
        if (length > most)
        {
            Add(ref faults, index, Axis(1), string.Create(CultureInfo.InvariantCulture, $"Must be {most} at most."));
        }
        else if (asOneText && rows * length > most)
        {
            Add(ref faults, index, "/shape", string.Create(CultureInfo.InvariantCulture, $"Must be {most} tokens at most, of all rows together."));
        }
    }

    private static void CheckTensor(ref RequestFaults? faults, int index, Tensor tensor, TensorSpec spec, int maxRows, ref long rows)
    {
        if (tensor.Datatype != spec.Datatype)
        {
            Add(ref faults, index, "/datatype", $"Must be {spec.Datatype.WireName()}.");
            return;
        }

        if (tensor.Shape.Length != spec.Shape.Length)
        {
            Add(ref faults, index, "/shape", string.Create(CultureInfo.InvariantCulture, $"Must have {spec.Shape.Length} dimensions."));
            return;
        }

        for (var axis = 0; axis < spec.Shape.Length; axis++)
        {
            if (spec.Shape[axis] >= 0 && spec.Shape[axis] != tensor.Shape[axis])
            {
                Add(ref faults, index, Axis(axis), string.Create(CultureInfo.InvariantCulture, $"Must be {spec.Shape[axis]}."));
            }
        }

        if (spec.Shape.Length > 0 && spec.Shape[0] < 0)
        {
            if (tensor.Shape[0] > maxRows)
            {
                Add(ref faults, index, Axis(0), string.Create(CultureInfo.InvariantCulture, $"Must be {maxRows} at most."));
            }

            rows = rows < 0 ? tensor.Shape[0] : rows;
            if (rows != tensor.Shape[0])
            {
                Add(ref faults, index, Axis(0), "Must be the same for all inputs.");
            }
        }

        if (spec.Limits is { } limits)
        {
            for (var axis = 0; axis < limits.MaxShape.Length; axis++)
            {
                if (limits.MaxShape[axis] >= 0 && tensor.Shape[axis] > limits.MaxShape[axis])
                {
                    Add(ref faults, index, Axis(axis), string.Create(CultureInfo.InvariantCulture, $"Must be {limits.MaxShape[axis]} at most."));
                    return;
                }
            }

            CheckElements(ref faults, index, tensor, limits);
        }
    }

    private static void CheckElements(ref RequestFaults? faults, int index, Tensor tensor, TensorLimits limits)
    {
        if (tensor.Datatype == Datatype.Bytes)
        {
            CheckTexts(ref faults, index, tensor, limits);
            return;
        }

        if (limits.Minimum is null && limits.Maximum is null && limits.AllowedNumbers.IsEmpty)
        {
            return;
        }

        var bad = ElementRange.FirstOutside(tensor, limits.Minimum ?? double.NegativeInfinity, limits.Maximum ?? double.PositiveInfinity, limits.AllowedNumbers);
        if (bad >= 0)
        {
            Add(ref faults, index, string.Create(CultureInfo.InvariantCulture, $"/data/{bad}"), "Is outside the limits of the model's manifest.");
        }
    }

    private static void CheckTexts(ref RequestFaults? faults, int index, Tensor tensor, TensorLimits limits)
    {
        for (var element = 0; element < tensor.ElementCount; element++)
        {
            var text = tensor.Text(element);
            if (limits.MaxLength is { } most && text.Length > most && Encoding.UTF8.GetCharCount(text) > most)
            {
                Add(ref faults, index, string.Create(CultureInfo.InvariantCulture, $"/data/{element}"), string.Create(CultureInfo.InvariantCulture, $"Must have {most} characters at most."));
            }
            else if (!limits.AllowedValues.IsEmpty && !limits.AllowedTexts.Contains(tensor.TextAsString(element)))
            {
                Add(ref faults, index, string.Create(CultureInfo.InvariantCulture, $"/data/{element}"), "Is not one of the values that the model's manifest allows.");
            }
        }
    }

    internal static TensorSpec? Find(ImmutableArray<TensorSpec> specs, string name)
    {
        foreach (var spec in specs)
        {
            if (spec.Name == name)
            {
                return spec;
            }
        }

        return null;
    }

    private static string Axis(int axis) => string.Create(CultureInfo.InvariantCulture, $"/shape/{axis}");

    private static void Add(ref RequestFaults? faults, int input, string member, string message) =>
        (faults ??= new RequestFaults()).Add(string.Create(CultureInfo.InvariantCulture, $"/inputs/{input}{member}"), message);
}
