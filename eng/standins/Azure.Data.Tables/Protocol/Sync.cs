namespace Azure.Data.Tables;

/// <summary>The result of work that was started in its blocking form and therefore is done.</summary>
internal static class Sync
{
    public static T Result<T>(ValueTask<T> done) => done.GetAwaiter().GetResult();
}
