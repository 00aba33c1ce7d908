using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Guards.Extraction;

/// <summary>How information budgets are kept. What they are is said by each model's manifest.</summary>
public sealed class ExtractionOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Extraction";

    /// <summary>The most budgets, one for each principal and model that has one, at 152 bytes each.</summary>
    /// <value>1,024 to 4,194,304, default 65,536.</value>
    [Range(1_024, 4_194_304)]
    public int MaxBudgets { get; set; } = 65_536;

    /// <summary>The table of budgets; made when it is missing.</summary>
    /// <value>3 to 63 letters and digits, a letter first. Default <c>budgets</c>.</value>
    [Required, RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    public string TableName { get; set; } = "budgets";

    /// <summary>How often what was spent is saved and brought together with what other instances have served.</summary>
    /// <value>5 s to 1 h, default 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan SaveInterval { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Checks <see cref="ExtractionOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ExtractionOptionsValidator : IValidateOptions<ExtractionOptions>;
