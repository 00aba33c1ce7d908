using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace FuncAiSecure.Core.Inference.Native;

/// <summary>
/// Brings ONNX Runtime up with its telemetry off. Since 1.29 the Linux library reports sessions and model names unless
/// <c>ORT_DISABLE_TELEMETRY</c> is in the process's native environment before the library is loaded;
/// <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not reach that environment on Linux, so libc is called.
/// </summary>
public static partial class OnnxRuntimeGuard
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<(bool WasLoaded, bool WasSet)> Switch = new(TurnOff);
    private static readonly Lazy<bool> TelemetryOff = new(Prepare);

    /// <summary>
    /// True once the native environment is known to hold the switch and to have held it before the library was loaded.
    /// An instance for which this is false is not ready, and no model is loaded.
    /// </summary>
    public static bool IsTelemetryOff => TelemetryOff.Value;

    /// <summary>Sets the switch and creates the runtime's environment; idempotent. Call it before anything touches ONNX Runtime.</summary>
    public static void Initialize() => _ = TelemetryOff.Value;

    /// <summary>
    /// Sets the switch, and has the rest of <see cref="Initialize"/> done beside what the caller does next: loading the library takes
    /// long. What fails there fails <see cref="Initialize"/>.
    /// </summary>
    public static void Begin()
    {
        // Here and now: a native environment must not change while others read it.
        _ = Switch.Value;
        _ = Task.Run(Initialize);
    }

    private static (bool WasLoaded, bool WasSet) TurnOff()
    {
        var before = (WasLoaded: OrtEnv.IsCreated, WasSet: IsSetNatively());
        if (!before.WasSet)
        {
            SetNatively();
        }

        return before;
    }

    private static bool Prepare()
    {
        var (wasLoaded, wasSet) = Switch.Value;
        var environment = wasLoaded ? OrtEnv.Instance() : CreateEnvironment();
        environment.DisableTelemetryEvents();
        return IsSetNatively() && (wasSet || !wasLoaded);
    }

    private static OrtEnv CreateEnvironment()
    {
        // Failures reach us as exceptions; the library's own log would put model and node names on standard error.
        var options = new EnvironmentCreationOptions { logId = "funcaisecure", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        return OrtEnv.CreateInstanceWithOptions(ref options);
    }

    private static void SetNatively()
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
        else
        {
            _ = SetEnvironment(Variable, "1", overwrite: 1);
        }
    }

    private static bool IsSetNatively()
    {
        var value = OperatingSystem.IsWindows()
            ? Environment.GetEnvironmentVariable(Variable)
            : Marshal.PtrToStringUTF8(GetEnvironment(Variable));
        return value == "1";
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GetEnvironment(string name);
}
