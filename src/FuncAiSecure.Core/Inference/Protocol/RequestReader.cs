using System.Globalization;
using System.Text;
using FuncAiSecure.Core.Inference.Tensors;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>The state of one reading: top-level object, requested outputs and parameters. Inputs and data are in the other parts.</summary>
internal ref partial struct RequestReader(ReadOnlySpan<byte> json, ReadOnlySpan<byte> binary, TensorNames names, List<Tensor> tensors)
{
    private readonly ReadOnlySpan<byte> _binary = binary;
    private JsonScanner _scan = new(json);
    private RequestFaults? _faults;
    private byte[]? _scratch;
    private int _binaryUsed;

    /// <summary>Why reading ended.</summary>
    public readonly Refusal Refusal => _faults?.ToRefusal() ?? RequestFaults.Malformed("", "The body is not well-formed JSON.");

    public bool Read(out InferRequest request)
    {
        request = new InferRequest(tensors);
        bool id = false, parameters = false, inputs = false, outputs = false;
        if (!_scan.Take((byte)'{'))
        {
            return Malformed("", "The body must be a JSON object.");
        }

        for (var ended = _scan.Take((byte)'}'); !ended;)
        {
            if (!TakeMember(out var member))
            {
                return Malformed("", null);
            }

            var read = member switch
            {
                _ when member.SequenceEqual("inputs"u8) => Once(ref inputs, "/inputs") && ReadInputs(),
                _ when member.SequenceEqual("id"u8) => Once(ref id, "/id") && ReadId(request),
                _ when member.SequenceEqual("outputs"u8) => Once(ref outputs, "/outputs") && ReadOutputs(request),
                _ when member.SequenceEqual("parameters"u8) => Once(ref parameters, "/parameters") && ReadParameters(request),
                _ => Malformed("", "The object has a member that the protocol does not know."),
            };
            if (!read || !(_scan.Next((byte)'}', out ended) || Malformed("", null)))
            {
                return false;
            }
        }

        if (!_scan.AtEnd())
        {
            return Malformed("", "Something follows the JSON object.");
        }

        if (!inputs)
        {
            return Malformed("/inputs", "The member is missing.");
        }

        return (_binaryUsed == _binary.Length || Malformed("", "The binary data is longer than the inputs' binary_data_size say.")) && _faults is null;
    }

    private bool ReadId(InferRequest request)
    {
        if (!TakeText(InferLimits.MaxIdBytes, out var text))
        {
            return Malformed("/id", "Must be a string of limited length.");
        }

        request.Id = Encoding.UTF8.GetString(text);
        return true;
    }

    private bool ReadOutputs(InferRequest request)
    {
        var outputs = new List<RequestedOutput>(2);
        request.Outputs = outputs;
        if (!_scan.Take((byte)'['))
        {
            return Malformed("/outputs", "Must be an array.");
        }

        for (var ended = _scan.Take((byte)']'); !ended;)
        {
            if (outputs.Count == InferLimits.MaxOutputs)
            {
                return Malformed("/outputs", "Has too many entries.");
            }

            if (!ReadOutput(outputs) || !(_scan.Next((byte)']', out ended) || Malformed("/outputs", null)))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadOutput(List<RequestedOutput> outputs)
    {
        var pointer = string.Create(CultureInfo.InvariantCulture, $"/outputs/{outputs.Count}");
        string? name = null;
        bool? wantsBinary = null;
        bool named = false, parametered = false;
        if (!_scan.Take((byte)'{'))
        {
            return Malformed(pointer, "Must be an object.");
        }

        for (var ended = _scan.Take((byte)'}'); !ended;)
        {
            if (!TakeMember(out var member))
            {
                return Malformed(pointer, null);
            }

            var read = member switch
            {
                _ when member.SequenceEqual("name"u8) => Once(ref named, pointer + "/name") && ReadName(pointer + "/name", out name),
                _ when member.SequenceEqual("parameters"u8) =>
                    Once(ref parametered, pointer + "/parameters") && ReadOutputParameters(pointer + "/parameters", out wantsBinary),
                _ => Malformed(pointer, "The object has a member that the protocol does not know."),
            };
            if (!read || !(_scan.Next((byte)'}', out ended) || Malformed(pointer, null)))
            {
                return false;
            }
        }

        if (name is null)
        {
            return Malformed(pointer + "/name", "The member is missing.");
        }

        foreach (var other in outputs)
        {
            if (other.Name == name)
            {
                return Malformed(pointer + "/name", "The output is named twice.");
            }
        }

        outputs.Add(new RequestedOutput(name, wantsBinary));
        return true;
    }

    private bool ReadName(string pointer, out string? name)
    {
        var read = TakeText(InferLimits.MaxNameBytes, out var text) && text.Length > 0;
        name = read ? names.Intern(text) : null;
        return read || Malformed(pointer, "Must be a string of 1 to 128 bytes.");
    }

    /// <summary>A member's name and its colon.</summary>
    private bool TakeMember(out ReadOnlySpan<byte> name) => TakeText(InferLimits.MaxIdBytes, out name) && _scan.Take((byte)':');

    /// <summary>A string without its escapes; valid until the next text is taken.</summary>
    private bool TakeText(int mostBytes, out ReadOnlySpan<byte> text)
    {
        var taken = _scan.TakeString(out text, out var escaped);
        if (taken && escaped)
        {
            if (text.Length > mostBytes * 6)
            {
                return false;
            }

            _scratch = new byte[text.Length];
            text = _scratch.AsSpan(0, JsonScanner.Unescape(text, _scratch));
        }

        return taken && text.Length <= mostBytes;
    }

    private bool Once(ref bool seen, string pointer) => !seen ? seen = true : Malformed(pointer, "The member appears twice.");

    /// <summary>Always false, so that a reading method ends with it.</summary>
    private bool Malformed(string pointer, string? message) =>
        Stop(RefusalCode.MalformedRequest, pointer, message ?? "Not well-formed JSON.");

    private bool Stop(RefusalCode code, string pointer, string message)
    {
        (_faults ??= new RequestFaults()).Stop(code, pointer, message);
        return false;
    }
}
