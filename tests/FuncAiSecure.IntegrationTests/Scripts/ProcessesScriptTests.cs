namespace FuncAiSecure.IntegrationTests.Scripts;

/// <summary>The functions that start, find and stop processes by id and start time.</summary>
public sealed class ProcessesScriptTests : IDisposable
{
    private readonly DirectoryInfo _run = Directory.CreateTempSubdirectory("funcai-processes-");

    [Fact]
    public async Task Stopped_process_is_gone_and_forgotten()
    {
        var result = await Lines(
            "launch app0 $RUN/log sleep 100",
            "pid=$(pid_of app0); is_running app0 && echo running",
            "stop app0 TERM 10",
            "kill -0 $pid 2>/dev/null && echo alive; is_running app0 && echo found; ls $RUN/app0.pid 2>/dev/null; echo end");

        result.Output.Trim().ShouldBe("running\nend");
    }

    [Fact]
    public async Task Process_that_ignores_the_request_is_killed()
    {
        var result = await Lines(
            "launch app0 $RUN/log bash -c 'trap \"\" TERM; touch $1/up; while :; do sleep 0.1; done' x $RUN",
            "until [ -f $RUN/up ]; do sleep 0.05; done",
            "pid=$(pid_of app0); stop app0 TERM 1; kill -0 $pid 2>/dev/null && echo alive; echo end");

        result.Output.Trim().ShouldBe("end");
        result.Error.ShouldContain("killing it");
    }

    [Fact]
    public async Task Interrupt_before_a_launched_process_is_remembered_stops_it_all_the_same()
    {
        // As Ctrl-C does it, which ends what the script runs at the moment as well.
        var result = await Lines(
            "eval \"known_$(declare -f started_at)\"",
            "started_at() { [ -f $RUN/interrupted ] || { until [ -s $RUN/id ]; do sleep 0.05; done; touch $RUN/interrupted; kill -INT $$; return 130; }; known_started_at \"$@\"; }",
            "trap 'stop_all; exit 130' INT",
            "launch app0 $RUN/log bash -c 'echo $$ >$1/id; exec sleep 100' x $RUN",
            "echo not interrupted");

        result.ExitCode.ShouldBe(130, result.Output + result.Error);
        var id = (await File.ReadAllTextAsync(Path.Combine(_run.FullName, "id"))).Trim();
        (await Bash.LinesAsync($"kill -0 {id} 2>/dev/null && kill {id} && echo alive")).Output.Trim().ShouldBeEmpty();
    }

    [Fact]
    public async Task Reused_process_id_is_not_touched()
    {
        var result = await Lines(
            "sleep 100 & pid=$!",
            "printf '%s %s\\n' $pid 12345 > $RUN/app0.pid",
            "is_running app0 && echo found; stop_all",
            "kill -0 $pid && echo untouched; kill $pid; ls $RUN");

        result.Output.Trim().ShouldBe("untouched");
    }

    [Fact]
    public async Task Launched_process_outlives_the_script_and_is_found_by_the_next()
    {
        (await Lines("launch vault $RUN/log sleep 100")).ExitCode.ShouldBe(0);

        // Also where the machine has moved to another time zone meanwhile.
        var found = await Lines("export TZ=Asia/Tokyo; is_running vault && echo found; stop_all; is_running vault || echo stopped");

        found.Output.Trim().ShouldBe("found\nstopped");
    }

    [Fact]
    public async Task Apps_stop_before_vault_and_vault_before_tables()
    {
        var result = await Lines("touch $RUN/azurite.pid $RUN/vault.pid $RUN/app1.pid $RUN/app0.pid; names");

        result.Output.Trim().ShouldBe("app0\napp1\nvault\nazurite");
    }

    public void Dispose() => _run.Delete(recursive: true);

    private Task<ScriptResult> Lines(params string[] lines) => Bash.LinesAsync(string.Join(
        '\n',
        [
            $". {Bash.Root}/eng/lib/common.sh", $"RUN={_run.FullName}", ". $ENG/lib/processes.sh", .. lines,
        ]));
}
