using System.Diagnostics;
using System.Text;

namespace FuncAiSecure.IntegrationTests.Scripts;

/// <summary>Runs bash scripts of this repository from a folder that is not the repository.</summary>
internal static class Bash
{
    /// <summary>Longest that any script may take here.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Runs a script of <c>eng/</c> to its end.</summary>
    public static Task<ScriptResult> ScriptAsync(string script, params string[] arguments) =>
        RunAsync(Process(Path.Combine(Root, "eng", script), arguments));

    /// <summary>Runs lines of bash to their end.</summary>
    public static Task<ScriptResult> LinesAsync(string lines) => RunAsync(Process("-c", lines));

    /// <summary>Starts a script of <c>eng/</c>; output is collected until it ends.</summary>
    public static (Process Process, Task<ScriptResult> Result) Start(string script, params string[] arguments)
    {
        var process = Process(Path.Combine(Root, "eng", script), arguments);
        return (process, RunAsync(process));
    }

    private static Process Process(string first, params string[] rest)
    {
        // A test run started in the background of a shell ignores interrupts and would hand that down: a script gets a terminal's default.
        var start = new ProcessStartInfo("env")
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["--default-signal=INT", "bash", first, .. rest])
        {
            start.ArgumentList.Add(argument);
        }

        return new Process { StartInfo = start };
    }

    private static async Task<ScriptResult> RunAsync(Process process)
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The script did not end.\n{output}\n{error}");
        }

        return new ScriptResult(process.ExitCode, output.ToString(), error.ToString());
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FuncAiSecure.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }
}

/// <summary>How a script ended, and what it said.</summary>
internal sealed record ScriptResult(int ExitCode, string Output, string Error);
