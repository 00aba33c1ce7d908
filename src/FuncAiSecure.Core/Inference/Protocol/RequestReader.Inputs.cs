using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>The inputs array and one input's members. Data that comes before its shape or datatype is read once these are known.</summary>
internal ref partial struct RequestReader
{
    private struct Input
    {
        public string? Name;
        public long[]? Shape;
        public Datatype? Datatype;
        public Tensor? Tensor;
        public int DataAt;
        public long BinarySize;
        public bool HasName;
        public bool HasShape;
        public bool HasDatatype;
        public bool HasData;
        public bool HasParameters;
    }

    private bool ReadInputs()
    {
        if (!_scan.Take((byte)'['))
        {
            return Malformed("/inputs", "Must be an array.");
        }

        if (_scan.Peek() == ']')
        {
            return Malformed("/inputs", "Has no entries.");
        }

        for (var ended = false; !ended;)
        {
            if (tensors.Count == InferLimits.MaxInputs)
            {
                return Malformed("/inputs", "Has too many entries.");
            }

            if (!ReadInput(tensors.Count) || !(_scan.Next((byte)']', out ended) || Malformed("/inputs", null)))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadInput(int index)
    {
        var input = new Input { DataAt = -1, BinarySize = -1 };
        if (!_scan.Take((byte)'{'))
        {
            return Malformed(InputPointer(index, ""), "Must be an object.");
        }

        for (var ended = _scan.Take((byte)'}'); !ended;)
        {
            if (!ReadInputMember(index, ref input) || !(_scan.Next((byte)'}', out ended) || Malformed(InputPointer(index, ""), null)))
            {
                input.Tensor?.Dispose();
                return false;
            }
        }

        if (Complete(index, ref input))
        {
            tensors.Add(input.Tensor!);
            return true;
        }

        input.Tensor?.Dispose();
        return false;
    }

    private bool ReadInputMember(int index, ref Input input)
    {
        if (!TakeMember(out var member))
        {
            return Malformed(InputPointer(index, ""), null);
        }

        if (member.SequenceEqual("data"u8))
        {
            return TakeOnce(ref input.HasData, index) && ReadOrKeepData(index, ref input);
        }

        if (member.SequenceEqual("name"u8))
        {
            return TakeOnce(ref input.HasName, index) && ReadInputName(index, ref input);
        }

        if (member.SequenceEqual("shape"u8))
        {
            return TakeOnce(ref input.HasShape, index) && ReadShape(index, ref input);
        }

        if (member.SequenceEqual("datatype"u8))
        {
            return TakeOnce(ref input.HasDatatype, index) && ReadDatatype(index, ref input);
        }

        return member.SequenceEqual("parameters"u8)
            ? TakeOnce(ref input.HasParameters, index) && ReadInputParameters(index, out input.BinarySize)
            : Malformed(InputPointer(index, ""), "The object has a member that the protocol does not know.");
    }

    private bool ReadInputName(int index, ref Input input)
    {
        if (!TakeText(InferLimits.MaxNameBytes, out var text) || text.Length == 0)
        {
            return Malformed(InputPointer(index, "/name"), "Must be a string of 1 to 128 bytes.");
        }

        input.Name = names.Intern(text);
        foreach (var other in tensors)
        {
            if (other.Name == input.Name)
            {
                return Malformed(InputPointer(index, "/name"), "The input is named twice.");
            }
        }

        return true;
    }

    private bool ReadDatatype(int index, ref Input input)
    {
        if (!TakeText(16, out var text) || !TensorDatatypes.TryParse(text, out var datatype))
        {
            return Malformed(InputPointer(index, "/datatype"), "Must be a datatype of the protocol, such as FP32.");
        }

        input.Datatype = datatype;
        return true;
    }

    private bool ReadShape(int index, ref Input input)
    {
        Span<long> dimensions = stackalloc long[InferLimits.MaxRank];
        var rank = 0;
        if (!_scan.Take((byte)'['))
        {
            return Malformed(InputPointer(index, "/shape"), "Must be an array.");
        }

        for (var ended = _scan.Take((byte)']'); !ended;)
        {
            if (rank == InferLimits.MaxRank)
            {
                return Malformed(InputPointer(index, "/shape"), "Has more than 8 dimensions.");
            }

            if (!_scan.TakeInt64(out var dimension) || dimension < 1 || dimension > Shapes.MaxElements)
            {
                return Malformed(InputPointer(index, "/shape") + "/" + (char)('0' + rank), "Must be a whole number, at least 1, within limits.");
            }

            dimensions[rank++] = dimension;
            if (!_scan.Next((byte)']', out ended))
            {
                return Malformed(InputPointer(index, "/shape"), null);
            }
        }

        input.Shape = dimensions[..rank].ToArray();
        return Shapes.Count(input.Shape) > 0 || Malformed(InputPointer(index, "/shape"), "Describes more elements than any model takes.");
    }

    private bool ReadOrKeepData(int index, ref Input input)
    {
        if (input is { Shape: { } shape, Datatype: { } datatype })
        {
            return ReadData(index, datatype, shape, out input.Tensor);
        }

        _scan.Peek();
        input.DataAt = _scan.At;
        return PassOverArray() || Malformed(InputPointer(index, "/data"), "Must be an array.");
    }

    /// <summary>Everything present and consistent; reads what was kept back, and takes the input's share of the binary data.</summary>
    private bool Complete(int index, ref Input input)
    {
        if (input is not { Name: { } name, Shape: { } shape, Datatype: { } datatype })
        {
            return Malformed(InputPointer(index, input.Name is null ? "/name" : input.Shape is null ? "/shape" : "/datatype"), "The member is missing.");
        }

        if (input.HasData == input.BinarySize >= 0)
        {
            return Malformed(InputPointer(index, "/data"), "Exactly one of data and the parameter binary_data_size is needed.");
        }

        if (!input.HasData && !TakeBinary(index, datatype, shape, input.BinarySize, out input.Tensor))
        {
            return false;
        }

        if (input.DataAt >= 0)
        {
            var (resume, start) = (_scan.At, input.DataAt);
            _scan.At = start;
            if (!ReadData(index, datatype, shape, out input.Tensor))
            {
                return false;
            }

            _scan.At = resume;
        }

        input.Tensor!.Name = name;
        return true;
    }

    private bool TakeBinary(int index, Datatype datatype, long[] shape, long size, out Tensor? tensor)
    {
        tensor = null;
        if (size > _binary.Length - _binaryUsed)
        {
            return Malformed(InputPointer(index, "/parameters/binary_data_size"), "The binary data ends before this input's does.");
        }

        var data = _binary.Slice(_binaryUsed, (int)size);
        _binaryUsed += (int)size;
        tensor = BinaryTensors.Read(datatype, shape, data, InputPointer(index, ""), ref _faults);
        return tensor is not null;
    }

    private bool TakeOnce(ref bool seen, int index) => !seen ? seen = true : Malformed(InputPointer(index, ""), "A member appears twice.");
}
