using Azure.Data.Tables;

namespace FuncAiSecure.Core.Models.Promotion;

/// <summary>Makes stores of promotions.</summary>
public static class PromotionStores
{
    /// <summary>The store that the application's instances follow.</summary>
    public static IPromotionStore OnTables(TableServiceClient tables, ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(options);
        return new TablePromotionStore(tables.GetTableClient(options.PromotionTable));
    }
}
