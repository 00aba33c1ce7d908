using System.Runtime.CompilerServices;

namespace Azure.Data.Tables;

/// <summary>Fetches the page behind a continuation; null asks for the first.</summary>
internal delegate ValueTask<Page<T>> PageFetcher<T>(string continuation, int? pageSize, bool isAsync, CancellationToken cancellationToken);

/// <summary>Pages fetched one after the other while they are enumerated.</summary>
internal sealed class AsyncTablePages<T>(PageFetcher<T> fetch, CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
{
    public override IAsyncEnumerable<Page<T>> AsPages(string continuationToken = null, int? pageSizeHint = null) =>
        Fetch(continuationToken, pageSizeHint, CancellationToken);

    public override async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var page in AsPages().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var value in page.Values)
            {
                yield return value;
            }
        }
    }

    private async IAsyncEnumerable<Page<T>> Fetch(string continuation, int? size, [EnumeratorCancellation] CancellationToken token)
    {
        do
        {
            var page = await fetch(continuation, size, true, token).ConfigureAwait(false);
            yield return page;
            continuation = page.ContinuationToken;
        }
        while (continuation is not null);
    }
}

/// <summary>The blocking twin of <see cref="AsyncTablePages{T}"/>.</summary>
internal sealed class TablePages<T>(PageFetcher<T> fetch, CancellationToken cancellationToken) : Pageable<T>(cancellationToken)
{
    public override IEnumerable<Page<T>> AsPages(string continuationToken = null, int? pageSizeHint = null)
    {
        do
        {
            var page = Sync.Result(fetch(continuationToken, pageSizeHint, false, CancellationToken));
            yield return page;
            continuationToken = page.ContinuationToken;
        }
        while (continuationToken is not null);
    }
}
