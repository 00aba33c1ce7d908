using System.Buffers;
using FuncAiSecure.Core.Inference.Native;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;
using Microsoft.ML.OnnxRuntime;

namespace FuncAiSecure.Core.Inference.Sessions;

/// <summary>
/// One native session of a model version, shared by all requests (Run is thread-safe). Inputs are read where they lie in pooled
/// memory; outputs are copied into pooled memory at once, so that no native value outlives its run.
/// </summary>
internal sealed class OnnxModelSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly string[][] _outputSelections;

    private OnnxModelSession(InferenceSession session, ModelManifest manifest)
    {
        _session = session;
        _inputNames = [.. manifest.Inputs.Select(input => input.Name)];
        _outputNames = [.. manifest.Outputs.Select(output => output.Name)];
        _outputSelections = new string[1 << Math.Min(_outputNames.Length, 6)][];
    }

    /// <summary>Bits of all outputs, as <see cref="Run"/> takes them.</summary>
    public ulong AllOutputs => _outputNames.Length == 64 ? ulong.MaxValue : (1UL << _outputNames.Length) - 1;

    /// <summary>Makes a session of a verified folder's bytes.</summary>
    /// <exception cref="ModelLoadException">The graph does not run here, or is not what the manifest says.</exception>
    public static OnnxModelSession Load(ModelFolder folder)
    {
        if (!OnnxRuntimeGuard.IsTelemetryOff)
        {
            throw new ModelLoadException("The runtime's telemetry could not be switched off: set ORT_DISABLE_TELEMETRY=1 in the process environment.");
        }

        InferenceSession? session = null;
        try
        {
            using var options = SessionOptionsFactory.Create(folder.Manifest.Session);
            session = new InferenceSession(Bytes(folder.Model), options);
            GraphCheck.Require(session, folder.Manifest);
            return new OnnxModelSession(session, folder.Manifest);
        }
        catch (OnnxRuntimeException e)
        {
            session?.Dispose();
            throw new ModelLoadException("ONNX Runtime does not take the graph.", e);
        }
        catch (ModelLoadException)
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>Runs the graph on the calling thread.</summary>
    /// <param name="inputs">In the manifest's order. The memory must stay until the call returns.</param>
    /// <param name="outputs">Bit n asks for the manifest's output n.</param>
    /// <param name="options">Whoever sets its Terminate ends the run.</param>
    /// <param name="results">Receives the outputs asked for, in the manifest's order; owned by the caller, also if an exception follows.</param>
    /// <exception cref="OnnxRuntimeException">The graph cannot run this input, or was told to end.</exception>
    public void Run(IReadOnlyList<Tensor> inputs, ulong outputs, RunOptions options, List<Tensor> results)
    {
        var values = new OrtValue[inputs.Count];
        var pins = inputs.Count <= 4 ? default(Pins) : default;
        var handles = inputs.Count <= 4 ? ((Span<MemoryHandle>)pins)[..inputs.Count] : new MemoryHandle[inputs.Count];
        try
        {
            for (var index = 0; index < values.Length; index++)
            {
                values[index] = ToValue(inputs[index], ref handles[index]);
            }

            var names = OutputNames(outputs);
            using var found = _session.Run(options, _inputNames, values, names);
            for (var index = 0; index < names.Length; index++)
            {
                results.Add(ToTensor(names[index], found[index]));
            }
        }
        finally
        {
            foreach (var value in values)
            {
                value?.Dispose();
            }

            foreach (var handle in handles)
            {
                handle.Dispose();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _session.Dispose();

    private static unsafe OrtValue ToValue(Tensor tensor, ref MemoryHandle handle)
    {
        if (tensor.Datatype == Datatype.Bytes)
        {
            var texts = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, tensor.ShapeArray);
            for (var index = 0; index < tensor.ElementCount; index++)
            {
                texts.StringTensorSetElementAt(tensor.Text(index), index);
            }

            return texts;
        }

        handle = tensor.Memory.Pin();
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, ElementTypes.Of(tensor.Datatype), tensor.ShapeArray, (nint)handle.Pointer, tensor.Data.Length);
    }

    private static Tensor ToTensor(string name, OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        if (!ElementTypes.TryGetDatatype(info.ElementDataType, out var datatype))
        {
            throw new InvalidOperationException("An output does not have the element type that was checked when the model was loaded.");
        }

        if (datatype != Datatype.Bytes)
        {
            var tensor = Tensor.Rent(name, datatype, info.Shape);
            if (tensor.Data.Length > 0)
            {
                value.GetTensorMutableRawData()[..tensor.Data.Length].CopyTo(tensor.Data);
            }

            return tensor;
        }

        using var texts = new TextTensorBuilder((int)info.ElementCount, 64);
        for (var index = 0; index < (int)info.ElementCount; index++)
        {
            var text = value.GetStringElementAsSpan(index);
            text.CopyTo(texts.Reserve(text.Length));
            texts.EndElement();
        }

        return texts.Build(name, info.Shape);
    }

    private string[] OutputNames(ulong outputs)
    {
        if (outputs == AllOutputs)
        {
            return _outputNames;
        }

        return outputs < (ulong)_outputSelections.Length ? _outputSelections[outputs] ??= Select(outputs) : Select(outputs);
    }

    private string[] Select(ulong outputs) => [.. _outputNames.Where((_, index) => (outputs >> index & 1) != 0)];

    private static byte[] Bytes(ReadOnlyMemory<byte> model) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(model, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : model.ToArray();

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}
