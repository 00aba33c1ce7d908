using System.Collections.Immutable;
using System.Globalization;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>What was found wrong with a request, at most <see cref="InferLimits.MaxErrors"/> faults; never the caller's text.</summary>
internal sealed class RequestFaults
{
    private readonly ImmutableArray<InputError>.Builder _errors = ImmutableArray.CreateBuilder<InputError>(1);
    private RefusalCode _code = RefusalCode.InputInvalid;
    private string _detail = "The input breaks the protocol's or the model's contract.";

    /// <summary>Room for another fault.</summary>
    public bool IsFull => _errors.Count >= InferLimits.MaxErrors;

    /// <summary>A value at fault; reading may go on.</summary>
    public void Add(string pointer, string message)
    {
        if (!IsFull)
        {
            _errors.Add(new InputError(pointer, message));
        }
    }

    /// <summary>A fault that ends the reading. Structure outranks values: the code becomes 400's.</summary>
    public void Stop(RefusalCode code, string pointer, string message)
    {
        _code = code;
        _detail = code == RefusalCode.UnsupportedParameter ? "A parameter is not supported." : "The body is not a well-formed inference request.";
        _errors.Clear();
        _errors.Add(new InputError(pointer, message));
    }

    public Refusal ToRefusal() => new(_code) { Detail = _detail, Errors = _errors.ToImmutable() };

    public static Refusal Malformed(string pointer, string message)
    {
        var faults = new RequestFaults();
        faults.Stop(RefusalCode.MalformedRequest, pointer, message);
        return faults.ToRefusal();
    }

    public static Refusal Invalid(string pointer, string message)
    {
        var faults = new RequestFaults();
        faults.Add(pointer, message);
        return faults.ToRefusal();
    }

    /// <summary>The pointer of one element of a tensor: <c>/inputs/0/data/7</c>, or with an index a dimension where the data is nested.</summary>
    public static string ElementPointer(int input, long index, ReadOnlySpan<long> shape, bool nested)
    {
        if (!nested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"/inputs/{input}/data/{index}");
        }

        var path = "";
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            path = string.Create(CultureInfo.InvariantCulture, $"/{index % shape[axis]}{path}");
            index /= shape[axis];
        }

        return string.Create(CultureInfo.InvariantCulture, $"/inputs/{input}/data{path}");
    }
}
