using System.Globalization;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>Parameters: those that are known are honoured, every other one is refused, so that none is silently without effect.</summary>
internal ref partial struct RequestReader
{
    private bool ReadParameters(InferRequest request)
    {
        const string Pointer = "/parameters";
        bool binary = false, timeout = false, priority = false, typed = false;
        if (!_scan.Take((byte)'{'))
        {
            return Malformed(Pointer, "Must be an object.");
        }

        for (var ended = _scan.Take((byte)'}'); !ended;)
        {
            if (!TakeMember(out var member))
            {
                return Malformed(Pointer, null);
            }

            bool read;
            if (member.SequenceEqual("binary_data_output"u8))
            {
                var value = false;
                read = Once(ref binary, Pointer) && TakeBool(Pointer + "/binary_data_output", out value);
                request.BinaryOutput = value;
            }
            else if (member.SequenceEqual("timeout"u8))
            {
                // Microseconds; 0 means none, as in the protocol this comes from.
                var micros = 0L;
                read = Once(ref timeout, Pointer) && TakeCount(Pointer + "/timeout", uint.MaxValue, out micros);

                // Of a number that is refused nothing is made: not every one is a time.
                request.Timeout = read && micros > 0 ? TimeSpan.FromMicroseconds(micros) : null;
            }
            else if (member.SequenceEqual("priority"u8))
            {
                // Fairness is the server's: a caller cannot raise itself above others, so only the type is checked.
                read = Once(ref priority, Pointer) && TakeCount(Pointer + "/priority", long.MaxValue, out _);
            }
            else if (member.SequenceEqual("content_type"u8))
            {
                read = Once(ref typed, Pointer) && TakeContentType(Pointer + "/content_type");
            }
            else
            {
                read = Unsupported(Pointer);
            }

            if (!read || !(_scan.Next((byte)'}', out ended) || Malformed(Pointer, null)))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadOutputParameters(string pointer, out bool? binary)
    {
        binary = null;
        var seen = false;
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

            if (!member.SequenceEqual("binary_data"u8))
            {
                return Unsupported(pointer);
            }

            if (!Once(ref seen, pointer) || !TakeBool(pointer + "/binary_data", out var value) || !(_scan.Next((byte)'}', out ended) || Malformed(pointer, null)))
            {
                return false;
            }

            binary = value;
        }

        return true;
    }

    private bool ReadInputParameters(int input, out long binarySize)
    {
        binarySize = -1;
        bool sized = false, typed = false;
        if (!_scan.Take((byte)'{'))
        {
            return Malformed(InputPointer(input, "/parameters"), "Must be an object.");
        }

        for (var ended = _scan.Take((byte)'}'); !ended;)
        {
            if (!TakeMember(out var member))
            {
                return Malformed(InputPointer(input, "/parameters"), null);
            }

            bool read;
            if (member.SequenceEqual("binary_data_size"u8))
            {
                read = Once(ref sized, InputPointer(input, "/parameters")) && TakeCount(InputPointer(input, "/parameters/binary_data_size"), int.MaxValue, out binarySize);
            }
            else if (member.SequenceEqual("content_type"u8))
            {
                read = Once(ref typed, InputPointer(input, "/parameters")) && TakeContentType(InputPointer(input, "/parameters/content_type"));
            }
            else
            {
                read = Unsupported(InputPointer(input, "/parameters"));
            }

            if (!read || !(_scan.Next((byte)'}', out ended) || Malformed(InputPointer(input, "/parameters"), null)))
            {
                return false;
            }
        }

        return true;
    }

    private bool Unsupported(string pointer) =>
        Stop(RefusalCode.UnsupportedParameter, pointer, "The object has a parameter that this server does not support.");

    // A hint that some clients add for their own decoders; the datatype decides here.
    private bool TakeContentType(string pointer) => TakeText(InferLimits.MaxNameBytes, out _) || Malformed(pointer, "Must be a string.");

    private bool TakeBool(string pointer, out bool value)
    {
        value = _scan.TakeLiteral("true"u8);
        return value || _scan.TakeLiteral("false"u8) || Malformed(pointer, "Must be true or false.");
    }

    private bool TakeCount(string pointer, long most, out long value) =>
        (_scan.TakeInt64(out value) && value >= 0 && value <= most)
        || Malformed(pointer, string.Create(CultureInfo.InvariantCulture, $"Must be a whole number from 0 to {most}."));

    private static string InputPointer(int input, string member) => string.Create(CultureInfo.InvariantCulture, $"/inputs/{input}{member}");
}
