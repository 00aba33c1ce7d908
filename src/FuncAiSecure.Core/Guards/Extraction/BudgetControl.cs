using Azure.Data.Tables;
using FuncAiSecure.Core.Guards.Extraction.Keeping;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Core.Guards.Extraction;

/// <summary>Information budgets for operators: what is spent, and a new beginning. Works on the table, beside the app.</summary>
public sealed class BudgetControl
{
    private readonly TableBudgetStore _store;
    private readonly StorageTime _time;

    /// <summary>The budgets in the table that the settings name.</summary>
    public BudgetControl(TableServiceClient tables, IConfiguration configuration, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(configuration);
        var options = configuration.ReadSettings<ExtractionOptions>(ExtractionOptions.SectionName);
        _time = new StorageTime(time, new ServiceClock(time));
        _store = new TableBudgetStore(tables.GetTableClient(options.TableName), _time, NullLogger.Instance);
    }

    /// <summary>The share of a model's budget that a principal has spent, as far as instances have saved; null if the table cannot be asked.</summary>
    public async ValueTask<double?> FindSpentAsync(PrincipalId principal, string model, CancellationToken ct) =>
        await _store.AddAsync(new SavedBudget(ExtractionGuard.KeyOf(principal, model), 0, 0, double.Epsilon), ct).ConfigureAwait(false) is { } saved
            ? saved.SpentAt(_time.Seconds)
            : null;

    /// <summary>Gives a principal a whole budget for a model; instances that have reduced its answers follow with their next saving. False if the table refuses.</summary>
    public ValueTask<bool> ResetAsync(PrincipalId principal, string model, CancellationToken ct) =>
        _store.ResetAsync(ExtractionGuard.KeyOf(principal, model), ct);
}
