using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Guards;

/// <summary>Settings of the guards.</summary>
public sealed class GuardOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "FuncAiSecure:Guards";

    /// <summary>The longest text that guards judge; a longer one is refused, for what was not read cannot be vouched for.</summary>
    /// <value>256 to 1,000,000 UTF-16 units; default 32,768.</value>
    [Range(256, 1_000_000)]
    public int MaxCharacters { get; set; } = 32_768;

    /// <summary>The injection classifier's folder under the models directory: a name follows its promotions, a version stays; empty judges by rules alone.</summary>
    /// <value>NAME, NAME/VERSION or empty; default <c>prompt-guard</c>.</value>
    [RegularExpression("^(|[a-z0-9][a-z0-9._-]{0,63}(/[0-9]{1,9})?)$")]
    public string PromptModel { get; set; } = "prompt-guard";

    /// <summary>The Key Vault secret that pseudonyms and tokens are derived from: base64 of at least 32 random bytes.</summary>
    /// <value>1 to 127 letters, digits and hyphens; default <c>guard-data-key</c>.</value>
    [RegularExpression("^[0-9a-zA-Z-]{1,127}$")]
    public string KeySecretName { get; set; } = "guard-data-key";
}

/// <summary>Checks <see cref="GuardOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class GuardOptionsValidator : IValidateOptions<GuardOptions>;
