namespace Azure.Data.Tables;

/// <summary>One action of a transaction.</summary>
public partial class TableTransactionAction
{
    /// <summary>An action without a condition.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity)
        : this(actionType, entity, default)
    {
    }

    /// <summary>An action that succeeds only while the stored entity has this version.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity, ETag etag = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ActionType = actionType;
        Entity = entity;
        ETag = etag;
    }

    /// <summary>What is done.</summary>
    public TableTransactionActionType ActionType { get; }

    /// <summary>To which entity.</summary>
    public ITableEntity Entity { get; }

    /// <summary>Under which condition; default means none.</summary>
    public ETag ETag { get; }
}
