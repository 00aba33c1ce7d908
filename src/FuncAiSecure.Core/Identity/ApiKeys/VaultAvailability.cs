namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>
/// Whether the vault may be asked. After a failure nobody asks until a pause is over (one second, doubling to sixteen, or what
/// the vault's Retry-After says up to a minute); then one caller asks first, and the others follow once it had an answer.
/// </summary>
internal sealed class VaultAvailability(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(16);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private TimeSpan _pause = FirstPause;
    private long _failedAt;
    private bool _failed;

    /// <summary>Did the last answered question fail?</summary>
    public bool IsFailing
    {
        get
        {
            lock (_lock)
            {
                return _failed;
            }
        }
    }

    /// <summary>May this caller ask now? While the vault is failing, yes for one caller a pause.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (!_failed)
            {
                return true;
            }

            if (time.GetElapsedTime(_failedAt) < _pause)
            {
                return false;
            }

            _failedAt = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>The vault answered, whatever it said.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            _failed = false;
            _pause = FirstPause;
        }
    }

    /// <summary>The vault did not answer, or would not.</summary>
    public void Failed(TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            _pause = !_failed ? FirstPause : _pause * 2 > LongestPause ? LongestPause : _pause * 2;
            if (retryAfter > _pause)
            {
                _pause = retryAfter.Value < LongestRetryAfter ? retryAfter.Value : LongestRetryAfter;
            }

            _failed = true;
            _failedAt = time.GetTimestamp();
        }
    }
}
