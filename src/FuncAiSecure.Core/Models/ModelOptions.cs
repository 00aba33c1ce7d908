using System.ComponentModel.DataAnnotations;

namespace FuncAiSecure.Core.Models;

/// <summary>Where models are and which are believed. Holds nothing secret: signing keys here are public ones.</summary>
public sealed class ModelOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Models";

    /// <value>The directory with NAME/VERSION folders; relative to the application's own directory. Default <c>models</c>.</value>
    [Required]
    public string Directory { get; set; } = "models";

    /// <value>Whether only models with a trusted signature are served. Default true; a developer's machine says false.</value>
    public bool RequireSignatures { get; set; } = true;

    /// <value>Public keys whose signatures count: P-256, PEM or base64 of SubjectPublicKeyInfo. Default none.</value>
    public IList<string> PublicKeys { get; } = [];

    /// <value>PEM files with one public key each. Default none.</value>
    public IList<string> PublicKeyFiles { get; } = [];

    /// <value>Memory for sessions in MiB, 64 to 1,048,576; the least recently used leave when it is passed, and a version that would pass it alone is refused. Default 4,096.</value>
    [Range(64, 1 << 20)]
    public int MemoryBudgetMiB { get; set; } = 4096;

    /// <value>How often folders and promotions are looked at, 1 to 10 s. Default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:10")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <value>How long a version may take to load, prove itself and warm up, 1 s to 30 min. Default 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <value>The name of the table of promotions. Default <c>modelpromotions</c>.</value>
    [RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    public string PromotionTable { get; set; } = "modelpromotions";
}
