using System.Collections.Immutable;
using FuncAiSecure.Core.Models.Integrity;

namespace FuncAiSecure.Core.Models.Serving;

/// <content>How the version is verified and loaded: in turn with others, and beside the catalog's rounds where it takes long.</content>
internal sealed partial class ModelSlot
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);

    /// <summary>A round waits so long for what it begins, and no more for what it finds begun: other models come next.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly ModelFault Changed = new(
        ModelManifest.FileName, null, "has changed since this version was first verified; give changed content a new version");

    private string? _fingerprint;
    private Task? _verifying;
    private Task? _reading;
    private Task<ModelSession?>? _loading;
    private DateTimeOffset? _retryAt;

    /// <summary>
    /// Verifies the folder where that was not done, or where it was refused and may have been repaired. What takes long goes on beside: the
    /// version is <see cref="ModelState.Loading"/>, or as it was, until then.
    /// </summary>
    public async Task VerifyAsync(CancellationToken cancellation)
    {
        Task verifying;
        lock (_lock)
        {
            if (_state is ModelState.Idle or ModelState.Ready || _loading is not null || _verifying is not null)
            {
                return;
            }

            verifying = _verifying = Task.Run(VerifyOnceAsync, CancellationToken.None);
        }

        await WaitAsync(verifying, cancellation).ConfigureAwait(false);
    }

    /// <summary>Loads, proves and warms a verified version; true where it then serves. One that takes long is loaded on beside, to be asked for again.</summary>
    public async Task<bool> EnsureReadyAsync(CancellationToken cancellation)
    {
        if (State == ModelState.Idle)
        {
            var loading = LoadOnce(out var begins);
            if (begins)
            {
                await WaitAsync(loading, cancellation).ConfigureAwait(false);
            }
        }

        return Session is not null;
    }

    private async Task WaitAsync(Task work, CancellationToken cancellation)
    {
        try
        {
            await work.WaitAsync(Patience, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Slow; the next rounds look whether it is done.
        }
    }

    private Task<ModelSession?> LoadOnce(out bool begins)
    {
        lock (_lock)
        {
            begins = _session is null && _loading is null;
            if (_session is not null)
            {
                return Task.FromResult<ModelSession?>(_session);
            }

            // Not the caller's token: whoever leaves must not take the model from those who wait beside.
            var verifying = _verifying;
            return _loading ??= Task.Run(() => LoadAsync(verifying));
        }
    }

    private async Task VerifyOnceAsync()
    {
        try
        {
            if (State != ModelState.Refused || MayTry())
            {
                await InTurnAsync((read, _) => Task.FromResult(Settle(read))).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_lock)
            {
                _verifying = null;
            }
        }
    }

    private async Task<ModelSession?> LoadAsync(Task? verifying)
    {
        if (verifying is not null)
        {
            await verifying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await InTurnAsync(LoadAsync).ConfigureAwait(false);
    }

    // Reads the folder, and lets it be used, in turn with others. One that cannot be reached waits for no turn.
    private async Task<T> InTurnAsync<T>(Func<FolderResult, CancellationToken, Task<T>> use)
    {
        var unreachable = await TouchAsync().ConfigureAwait(false);
        using var place = unreachable is null ? await loader.EnterAsync().ConfigureAwait(false) : null;
        using var patience = new CancellationTokenSource(timeout, time);
        return await use(unreachable ?? await ReadAsync(patience.Token).ConfigureAwait(false), patience.Token).ConfigureAwait(false);
    }

    private async Task<ModelSession?> LoadAsync(FolderResult read, CancellationToken patience)
    {
        var (session, faults) = ((ModelSession?)null, ImmutableArray<ModelFault>.Empty);
        var mayPass = false;
        try
        {
            if (Settle(read))
            {
                (var model, faults) = await loader.LoadAsync(read, patience).ConfigureAwait(false);
                session = model is null ? null : new ModelSession(model, time);
            }
            else
            {
                (faults, mayPass) = (Describe().Faults, read.MayPass);
            }
        }
        catch (OperationCanceledException)
        {
            faults = [new ModelFault("", null, "did not load in time")];
            mayPass = true;
        }
        catch (Exception e)
        {
            // A defect of the runtime must not take other models down; the type is all that is safe to tell.
            faults = [new ModelFault(ModelManifest.ModelFileName, null, $"could not be loaded ({e.GetType().Name})")];
            mayPass = true;
        }

        ModelSession? orphan = null;
        lock (_lock)
        {
            if (_closed)
            {
                (orphan, session) = (session, null);
            }

            _loading = null;
            _session = session;
            _faults = faults;
            _state = session is null ? ModelState.Refused : ModelState.Ready;
            _retryAt = RetryAt(mayPass);
        }

        orphan?.Retire();
        return session;
    }

    // A share that is gone hangs already here, where no place is held that others wait for. Null where the folder can be reached.
    private async Task<FolderResult?> TouchAsync()
    {
        using var patience = new CancellationTokenSource(timeout, time);
        return await AskAsync(
            () =>
            {
                var fingerprint = FolderListing.Fingerprint(directory);
                lock (_lock)
                {
                    _fingerprint = fingerprint;
                }

                ModelLoader.Touch(directory);
                return Task.FromResult<FolderResult?>(null);
            },
            patience.Token).ConfigureAwait(false);
    }

    private async Task<FolderResult> ReadAsync(CancellationToken patience) =>
        (await AskAsync(async () => await loader.VerifyAsync(directory, patience).ConfigureAwait(false), patience).ConfigureAwait(false))!;

    // A file share that hangs cannot be made to answer: its reader is left behind, and no other joins it.
    private async Task<FolderResult?> AskAsync(Func<Task<FolderResult?>> ask, CancellationToken patience)
    {
        try
        {
            if (_reading is { IsCompleted: false })
            {
                return Unread("is still being read");
            }

            var reading = Task.Run(ask, patience);
            _reading = reading;
            return await reading.WaitAsync(patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Unread("could not be read in time");
        }
        catch (Exception e)
        {
            // Whatever a folder makes its readers do, the models beside it are looked at.
            return Unread($"could not be verified ({e.GetType().Name})");
        }

        static FolderResult Unread(string why) => new() { Faults = [new ModelFault("", null, why)], MayPass = true };
    }

    // A refused version is tried again when its folder changes, or some time after a fault that may have passed.
    private bool MayTry()
    {
        var fingerprint = FolderListing.Fingerprint(directory);
        lock (_lock)
        {
            return fingerprint != _fingerprint || _retryAt <= time.GetUtcNow();
        }
    }

    private DateTimeOffset? RetryAt(bool mayPass) => mayPass ? time.GetUtcNow() + RetryDelay : null;

    private bool Settle(FolderResult result)
    {
        lock (_lock)
        {
            var changed = result.Folder is not null && _digest is not null && result.Folder.Digest != _digest;
            _faults = changed ? [Changed] : result.Faults;
            _manifest = changed ? _manifest : result.Manifest ?? _manifest;
            _state = _faults.IsEmpty ? ModelState.Idle : ModelState.Refused;
            _retryAt = RetryAt(result.MayPass);
            if (_faults.IsEmpty)
            {
                _digest = result.Folder!.Digest;
                _signedBy = result.Folder.SignedBy;
            }

            return _faults.IsEmpty;
        }
    }
}
