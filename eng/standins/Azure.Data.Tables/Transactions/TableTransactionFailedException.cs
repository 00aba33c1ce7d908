using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>A transaction was refused as a whole because one of its actions failed.</summary>
public partial class TableTransactionFailedException : RequestFailedException
{
    internal const string FailedIndexKey = "FailedEntity";

    /// <summary>Wraps the failure of the action.</summary>
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(requestFailedException.Status, requestFailedException.Message, requestFailedException.ErrorCode, requestFailedException)
    {
        if (int.TryParse(requestFailedException.Data[FailedIndexKey] as string, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            FailedTransactionActionIndex = index;
        }
    }

    /// <summary>The zero-based place of the action that failed; null if the service did not say.</summary>
    public int? FailedTransactionActionIndex { get; }
}
