using System.Globalization;
using System.Runtime.InteropServices;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>Tensor data as JSON, flat or nested exactly as the shape says, into pooled memory.</summary>
internal ref partial struct RequestReader
{
    private bool ReadData(int input, Datatype datatype, long[] shape, out Tensor? tensor)
    {
        tensor = null;
        if (!datatype.HasJsonForm())
        {
            return Invalid(InputPointer(input, "/datatype"), "FP16 and BF16 have no JSON form; send binary data.");
        }

        if (_scan.Peek() != '[')
        {
            return Malformed(InputPointer(input, "/data"), "Must be an array.");
        }

        // An element takes a character and a comma at least, so memory is never rented for more than the body can hold.
        var count = (int)Shapes.Count(shape);
        if (count > (_scan.Json.Length - _scan.At) / 2)
        {
            return WrongCount(input, count);
        }

        if (datatype == Datatype.Bytes)
        {
            return ReadTexts(input, shape, count, out tensor);
        }

        tensor = Tensor.Rent("", datatype, shape);
        var data = tensor.Data;
        return datatype switch
        {
            Datatype.Fp32 => ReadNumbers<float, SingleReader>(input, shape, data),
            Datatype.Int64 => ReadNumbers<long, IntegerReader<long>>(input, shape, data),
            Datatype.Fp64 => ReadNumbers<double, DoubleReader>(input, shape, data),
            Datatype.Int32 => ReadNumbers<int, IntegerReader<int>>(input, shape, data),
            Datatype.Int16 => ReadNumbers<short, IntegerReader<short>>(input, shape, data),
            Datatype.Int8 => ReadNumbers<sbyte, IntegerReader<sbyte>>(input, shape, data),
            Datatype.Uint64 => ReadNumbers<ulong, IntegerReader<ulong>>(input, shape, data),
            Datatype.Uint32 => ReadNumbers<uint, IntegerReader<uint>>(input, shape, data),
            Datatype.Uint16 => ReadNumbers<ushort, IntegerReader<ushort>>(input, shape, data),
            Datatype.Uint8 => ReadNumbers<byte, IntegerReader<byte>>(input, shape, data),
            _ => ReadNumbers<byte, BoolReader>(input, shape, data),
        };
    }

    private bool ReadNumbers<T, TReader>(int input, long[] shape, Span<byte> data)
        where T : struct
        where TReader : IElementReader<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(data);
        var nested = IsNested(shape);
        return nested
            ? ReadAxis<T, TReader>(input, shape, 0, values, 0)
            : ReadRow<T, TReader>(input, shape, values, 0, nested);
    }

    private bool ReadAxis<T, TReader>(int input, long[] shape, int axis, Span<T> values, int first)
        where T : struct
        where TReader : IElementReader<T>
    {
        if (axis == shape.Length - 1)
        {
            return ReadRow<T, TReader>(input, shape, values, first, nested: true);
        }

        if (!_scan.Take((byte)'['))
        {
            return NotAsNested(input);
        }

        var size = values.Length / (int)shape[axis];
        for (var index = 0; index < shape[axis]; index++)
        {
            if (index > 0 && !_scan.Take((byte)','))
            {
                return NotAsNested(input);
            }

            if (!ReadAxis<T, TReader>(input, shape, axis + 1, values.Slice(index * size, size), first + (index * size)))
            {
                return false;
            }
        }

        return _scan.Take((byte)']') || NotAsNested(input);
    }

    private bool ReadRow<T, TReader>(int input, long[] shape, Span<T> values, int first, bool nested)
        where T : struct
        where TReader : IElementReader<T>
    {
        if (!_scan.Take((byte)'['))
        {
            return NotAsNested(input);
        }

        var json = _scan.Json;
        var at = _scan.At;
        for (var index = 0; index < values.Length; index++)
        {
            if ((uint)at < (uint)json.Length && json[at] <= ' ')
            {
                at = Skip(at);
            }

            var outcome = TReader.Read(json, ref at, out values[index]);
            if (outcome != JsonNumber.Outcome.Ok)
            {
                _scan.At = at;
                var pointer = RequestFaults.ElementPointer(input, first + index, shape, nested);
                if (!Tolerate(input, shape, outcome, pointer, typeof(T)))
                {
                    return false;
                }

                at = _scan.At;
            }

            var end = index == values.Length - 1 ? (byte)']' : (byte)',';
            if ((uint)at >= (uint)json.Length || json[at] != end)
            {
                at = Skip(at);
                if ((uint)at >= (uint)json.Length || json[at] != end)
                {
                    return BadEnd(input, shape);
                }
            }

            at++;
        }

        _scan.At = at;
        return true;
    }

    private bool ReadTexts(int input, long[] shape, int count, out Tensor? tensor)
    {
        tensor = null;
        using var texts = new TextTensorBuilder(count, Math.Min(_scan.Json.Length - _scan.At, 1024));
        if (!(IsNested(shape) ? ReadTextAxis(input, shape, 0, texts) : ReadTextRow(input, shape, count, texts, nested: false)))
        {
            return false;
        }

        tensor = texts.Build("", shape);
        return true;
    }

    private bool ReadTextAxis(int input, long[] shape, int axis, TextTensorBuilder texts)
    {
        if (axis == shape.Length - 1)
        {
            return ReadTextRow(input, shape, (int)shape[axis], texts, nested: true);
        }

        if (!_scan.Take((byte)'['))
        {
            return NotAsNested(input);
        }

        for (var index = 0; index < shape[axis]; index++)
        {
            if (index > 0 && !_scan.Take((byte)','))
            {
                return NotAsNested(input);
            }

            if (!ReadTextAxis(input, shape, axis + 1, texts))
            {
                return false;
            }
        }

        return _scan.Take((byte)']') || NotAsNested(input);
    }

    private bool ReadTextRow(int input, long[] shape, int count, TextTensorBuilder texts, bool nested)
    {
        if (!_scan.Take((byte)'['))
        {
            return NotAsNested(input);
        }

        for (var index = 0; index < count; index++)
        {
            if (_scan.Peek() != '"')
            {
                var pointer = RequestFaults.ElementPointer(input, texts.Elements, shape, nested);
                if (!Tolerate(input, shape, JsonNumber.Outcome.NotANumber, pointer, typeof(string)))
                {
                    return false;
                }
            }
            else if (_scan.TakeString(out var raw, out var escaped))
            {
                var room = texts.Reserve(raw.Length);
                if (escaped)
                {
                    texts.Trim(raw.Length - JsonScanner.Unescape(raw, room));
                }
                else
                {
                    raw.CopyTo(room);
                }
            }
            else
            {
                return Malformed(InputPointer(input, "/data"), "A string is not well-formed JSON.");
            }

            texts.EndElement();
            if (!_scan.Take(index == count - 1 ? (byte)']' : (byte)','))
            {
                return BadEnd(input, shape);
            }
        }

        return true;
    }

    /// <summary>Notes a value that does not fit and passes over it; false where it is not a value at all or enough was noted.</summary>
    private bool Tolerate(int input, long[] shape, JsonNumber.Outcome outcome, string pointer, Type type)
    {
        var next = _scan.Peek();
        if (outcome == JsonNumber.Outcome.NotANumber && next is (byte)']' or (byte)'[')
        {
            return next == ']' ? WrongCount(input, Shapes.Count(shape)) : NotAsNested(input);
        }

        var passed = outcome != JsonNumber.Outcome.NotANumber || PassOverScalar(type);
        if (!passed)
        {
            return Malformed(InputPointer(input, "/data"), null);
        }

        (_faults ??= new RequestFaults()).Add(pointer, outcome switch
        {
            JsonNumber.Outcome.OutOfRange => "The number is outside the datatype's range.",
            JsonNumber.Outcome.NotWhole => "Must be a whole number without fraction or exponent.",
            _ when type == typeof(string) => "Must be a string.",
            _ => "Must be a finite number, or true or false for BOOL.",
        });
        return !_faults.IsFull;
    }

    // NaN and the infinities are no JSON, but some writers send them: they are named as values, not as broken syntax.
    private bool PassOverScalar(Type type) =>
        _scan.Peek() == '"'
            ? _scan.TakeString(out _, out _)
            : _scan.TakeLiteral("null"u8) || _scan.TakeLiteral("true"u8) || _scan.TakeLiteral("false"u8) || _scan.TakeLiteral("NaN"u8)
                || _scan.TakeLiteral("Infinity"u8) || _scan.TakeLiteral("-Infinity"u8)
                || ((type == typeof(string) || type == typeof(byte)) && PassOverNumber());

    private bool PassOverNumber()
    {
        var at = _scan.At;
        var isNumber = JsonNumber.ReadDouble(_scan.Json, ref at, out _) != JsonNumber.Outcome.NotANumber;
        _scan.At = at;
        return isNumber;
    }

    /// <summary>Finds the end of an array without judging it; it is read properly later.</summary>
    private bool PassOverArray()
    {
        if (_scan.Peek() != '[')
        {
            return false;
        }

        var depth = 0;
        do
        {
            switch (_scan.Peek())
            {
                case 0:
                    return false;
                case (byte)'"':
                    if (!_scan.TakeString(out _, out _))
                    {
                        return false;
                    }

                    continue;
                case (byte)'[':
                    depth++;
                    break;
                case (byte)']':
                    depth--;
                    break;
                default:
                    break;
            }

            _scan.At++;
        }
        while (depth > 0);
        return true;
    }

    private bool IsNested(long[] shape)
    {
        if (shape.Length < 2)
        {
            return false;
        }

        var start = _scan.At;
        _scan.Take((byte)'[');
        var nested = _scan.Peek() == '[';
        _scan.At = start;
        return nested;
    }

    private int Skip(int at)
    {
        _scan.At = at;
        _scan.Peek();
        return _scan.At;
    }

    private bool BadEnd(int input, long[] shape) =>
        _scan.Peek() is (byte)',' or (byte)']' ? WrongCount(input, Shapes.Count(shape)) : Malformed(InputPointer(input, "/data"), null);

    private bool WrongCount(int input, long count) =>
        Invalid(InputPointer(input, "/data"), string.Create(CultureInfo.InvariantCulture, $"Does not have the {count} elements that the shape says."));

    private bool NotAsNested(int input) => Invalid(InputPointer(input, "/data"), "Is neither flat nor nested as the shape says.");

    /// <summary>Always false: the shape and the data disagree, and reading on would only guess.</summary>
    private bool Invalid(string pointer, string message)
    {
        (_faults ??= new RequestFaults()).Add(pointer, message);
        return false;
    }
}
